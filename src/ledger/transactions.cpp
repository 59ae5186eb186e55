#include "ledger/transactions.hpp"

#include <limits>

#include "ledger/internal/books.hpp"

namespace pamoja::ledger {
namespace {

struct MetadataPair {
    std::string name;
    std::string value;

    void describe(Fields& f) {
        f("name", name);
        f("value", value);
    }
};

void load_parts(Tx& tx, Transaction& transaction) {
    transaction.entries = tx.all<Entry>(
        "FROM ledger_entries WHERE tenant_id = :tenant AND transaction_id = $1 ORDER BY amount, account_id",
        transaction.id);
    const auto pairs = tx.all<MetadataPair>(
        "FROM ledger_metadata WHERE tenant_id = :tenant AND transaction_id = $1 ORDER BY name",
        transaction.id);
    for (const auto& pair : pairs) transaction.metadata.emplace(pair.name, pair.value);
}

std::optional<Transaction> with_parts(Tx& tx, std::optional<Transaction> transaction) {
    if (transaction) load_parts(tx, *transaction);
    return transaction;
}

Account among(const std::vector<Account>& accounts, const AccountId& id) {
    for (const Account& account : accounts) {
        if (account.id == id) return account;
    }
    throw std::logic_error("an entry names no account: " + id.text());
}

std::vector<Leg> opposite_legs(Tx& tx, const Transaction& original) {
    const auto accounts = tx.all<Account>(
        "FROM ledger_accounts WHERE tenant_id = :tenant AND id IN (SELECT account_id FROM ledger_entries "
        "WHERE tenant_id = :tenant AND transaction_id = $1) ORDER BY id",
        original.id);
    std::vector<Leg> legs;
    for (const Entry& entry : original.entries) {
        legs.push_back({among(accounts, entry.account_id), -entry.amount});
    }
    return legs;
}

}  // namespace

void Entry::describe(Fields& f) {
    f("transaction_id", transaction_id);
    f("account_id", account_id);
    f("amount", amount);
    f("effective_at", effective_at);
}

void Transaction::describe(Fields& f) {
    f("id", id);
    f("reference", reference);
    f("memo", memo);
    f("effective_at", effective_at);
    f("recorded_at", recorded_at);
    f("reverses_id", reverses_id);
    f("hold_id", hold_id);
    f("fingerprint", fingerprint);
}

Transaction post(Tx& tx, const Posting& posting) {
    auto booked = internal::book(tx, {.posting = posting});
    if (booked.is_new) internal::change_balances(tx, internal::changes_of(posting.legs));
    return std::move(booked.transaction);
}

Transaction post(Tx& tx, const Transfer& transfer) {
    return post(tx, internal::posting_of(transfer));
}

Transaction reverse(Tx& tx, const TransactionId& id, const std::string& reference, const std::string& memo) {
    const Transaction original = transaction_of(tx, id);
    require(!original.reverses_id, not_reversible, "A reversal cannot be reversed.");
    // The metadata goes along, so that what is summed by metadata comes out as if neither had happened.
    const Posting posting{.reference = reference,
                          .memo = memo.empty() ? "Reversal: " + original.memo : memo,
                          .metadata = original.metadata,
                          .legs = opposite_legs(tx, original)};
    auto booked = internal::book(tx, {.posting = posting, .reverses_id = id});
    if (booked.is_new) internal::change_balances(tx, internal::changes_of(posting.legs));
    return std::move(booked.transaction);
}

Transaction transaction_of(Tx& tx, const TransactionId& id) {
    auto found = with_parts(
        tx, tx.maybe<Transaction>("FROM ledger_transactions WHERE tenant_id = :tenant AND id = $1", id));
    require(found.has_value(), not_found, "There is no such transaction.");
    return std::move(*found);
}

std::optional<Transaction> find_transaction(Tx& tx, std::string_view reference) {
    return with_parts(
        tx, tx.maybe<Transaction>("FROM ledger_transactions WHERE tenant_id = :tenant AND reference = $1",
                                  reference));
}

Page<Transaction> transactions(Tx& tx, const TransactionFilter& filter, const PageRequest& page) {
    // Each bound that is not given becomes one that always holds, so that every text takes all parameters.
    const std::string from =
        std::string(
            "FROM ledger_transactions WHERE tenant_id = :tenant AND effective_at >= $1 AND "
            "effective_at <= $2 AND ") +
        (filter.account ? "id IN (SELECT transaction_id FROM ledger_entries WHERE tenant_id = :tenant AND "
                          "account_id = $3 AND effective_at >= $1 AND effective_at <= $2)"
                        : "CAST($3 AS TEXT) = ''") +
        (filter.metadata ? " AND id IN (SELECT transaction_id FROM ledger_metadata WHERE tenant_id = :tenant "
                           "AND name = $4 AND value = $5)"
                         : " AND CAST($4 AS TEXT) = CAST($5 AS TEXT)");
    const auto metadata = filter.metadata.value_or(std::pair<std::string, std::string>());
    auto found =
        tx.page<Transaction>(page, from, "effective_at DESC, id DESC",
                             filter.from ? filter.from->micros() : std::numeric_limits<std::int64_t>::min(),
                             filter.until ? filter.until->micros() : std::numeric_limits<std::int64_t>::max(),
                             filter.account.value_or(AccountId()), metadata.first, metadata.second);
    for (Transaction& transaction : found.items) load_parts(tx, transaction);
    return found;
}

}  // namespace pamoja::ledger
