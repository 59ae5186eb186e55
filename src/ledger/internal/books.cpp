#include "ledger/internal/books.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "json/writer.hpp"

namespace pamoja::ledger::internal {
namespace {

constexpr std::size_t reference_length_max = 200;

struct MetadataRow {
    TransactionId transaction_id;
    std::string name;
    std::string value;

    void describe(Fields& f) {
        f("transaction_id", transaction_id);
        f("name", name);
        f("value", value);
    }
};

struct Unsealed {
    std::string subject_id;
    SubjectKind subject_kind;

    void describe(Fields& f) {
        f("subject_id", subject_id);
        f("subject_kind", subject_kind);
    }
};

void check_leg(const Leg& leg) {
    require(leg.amount.currency() == leg.account.currency, invalid_posting,
            "An amount is not in the currency of its account.");
    require(
        !leg.amount.is_zero() && leg.amount.minor() <= leg_max_minor && leg.amount.minor() >= -leg_max_minor,
        invalid_posting, "An amount is zero or too large.");
}

bool is_before(const Entry& a, const Entry& b) {
    return a.amount.minor() != b.amount.minor() ? a.amount.minor() < b.amount.minor()
                                                : a.account_id < b.account_id;
}

Transaction made_of(Tx& tx, const Booking& booking, std::string fingerprint) {
    const Posting& posting = booking.posting;
    Transaction transaction{.id = tx.new_id<TransactionId>(),
                            .reference = posting.reference,
                            .memo = posting.memo,
                            .effective_at = posting.effective_at.value_or(tx.now()),
                            .recorded_at = tx.now(),
                            .reverses_id = booking.reverses_id,
                            .hold_id = booking.hold_id,
                            .fingerprint = std::move(fingerprint),
                            .metadata = posting.metadata,
                            .entries = {}};
    for (const Leg& leg : posting.legs) {
        transaction.entries.push_back({transaction.id, leg.account.id, leg.amount, transaction.effective_at});
    }
    std::ranges::sort(transaction.entries, is_before);
    return transaction;
}

// Writes the rows that belong to a transaction whose own row is there.
void write_parts(Tx& tx, const Transaction& transaction) {
    std::vector<MetadataRow> metadata;
    for (const auto& [name, value] : transaction.metadata) metadata.push_back({transaction.id, name, value});
    tx.insert_all("ledger_metadata", metadata);
    tx.insert_all("ledger_entries", transaction.entries);
    leave_for_sealing(tx, SubjectKind::transaction, transaction.id.text());
}

// A unique constraint was in the way: of the reference, or of the transaction that is reversed.
Transaction repeated(Tx& tx, const Booking& booking, const std::string& fingerprint) {
    auto found = find_transaction(tx, booking.posting.reference);
    require(found.has_value(), already_reversed, "This transaction has been reversed already.");
    require(found->fingerprint == fingerprint, reference_conflict,
            "This reference belongs to another transaction.");
    return std::move(*found);
}

// A row that did not change is below its floor, unless it is not there.
[[noreturn]] void refuse(Tx& tx, const AccountId& account_id) {
    const auto account = tx.value<std::string>(
        "SELECT account_id FROM ledger_balances WHERE tenant_id = :tenant AND account_id = $1", account_id);
    if (!account) throw std::logic_error("the account is not open in this tenant: " + account_id.text());
    throw Failure(insufficient_funds, "There is not enough money in the account.");
}

}  // namespace

std::string fingerprint_of(const Booking& booking) {
    const Posting& posting = booking.posting;
    json::Writer writer;
    writer.begin_object();
    writer.member("memo", posting.memo);
    writer.member("effective_at",
                  posting.effective_at ? std::to_string(posting.effective_at->micros()) : std::string());
    writer.member("reverses", booking.reverses_id ? booking.reverses_id->text() : std::string());
    writer.member("hold", booking.hold_id ? booking.hold_id->text() : std::string());
    writer.member("rest", booking.rest);
    writer.name("metadata");
    writer.begin_object();
    for (const auto& [name, value] : posting.metadata) writer.member(name, value);
    writer.end_object();
    std::map<std::string, Money> amounts;
    for (const Leg& leg : posting.legs) amounts.emplace(leg.account.id.text(), leg.amount);
    writer.name("legs");
    writer.begin_object();
    for (const auto& [account, amount] : amounts) {
        writer.member(account, std::to_string(amount.minor()) + std::string(amount.currency().code()));
    }
    writer.end_object();
    writer.end_object();
    return to_hex(crypto::sha256(writer.text()));
}

void check_posting(const Posting& posting) {
    require(!posting.reference.empty() && posting.reference.size() <= reference_length_max, invalid_posting,
            "A posting needs a reference of at most 200 characters.");
    require(posting.legs.size() >= 2, invalid_posting, "A posting has at least two legs.");
    std::map<Currency, Money> sums;
    std::vector<AccountId> accounts;
    for (const Leg& leg : posting.legs) {
        check_leg(leg);
        sums.try_emplace(leg.amount.currency(), Money::zero(leg.amount.currency())).first->second +=
            leg.amount;
        accounts.push_back(leg.account.id);
    }
    require(std::ranges::all_of(sums, [](const auto& sum) { return sum.second.is_zero(); }), invalid_posting,
            "The legs do not add up to zero.");
    std::ranges::sort(accounts);
    require(std::ranges::adjacent_find(accounts) == accounts.end(), invalid_posting,
            "An account takes part more than once.");
}

Posting posting_of(Transfer transfer) {
    require(transfer.amount.is_positive(), invalid_posting, "The amount must be more than zero.");
    Posting posting{.reference = std::move(transfer.reference),
                    .memo = std::move(transfer.memo),
                    .metadata = std::move(transfer.metadata),
                    .effective_at = transfer.effective_at,
                    .legs = {}};
    posting.legs.reserve(2);
    posting.legs.push_back({std::move(transfer.from), -transfer.amount});
    posting.legs.push_back({std::move(transfer.to), transfer.amount});
    return posting;
}

Booked book(Tx& tx, const Booking& booking) {
    check_posting(booking.posting);
    Transaction transaction = made_of(tx, booking, fingerprint_of(booking));
    // Inserting first and looking only on a conflict keeps concurrent postings from reading what others
    // write.
    if (!tx.insert_if_absent("ledger_transactions", transaction)) {
        return {repeated(tx, booking, transaction.fingerprint), false};
    }
    write_parts(tx, transaction);
    return {std::move(transaction), true};
}

std::vector<BalanceChange> changes_of(const std::vector<Leg>& legs) {
    std::vector<BalanceChange> changes;
    for (const Leg& leg : legs) {
        if (!leg.account.is_system) changes.push_back({leg.account.id, leg.amount.minor(), 0});
    }
    return changes;
}

void change_balances(Tx& tx, std::vector<BalanceChange> changes) {
    std::ranges::sort(changes, {}, &BalanceChange::account_id);
    for (const BalanceChange& change : changes) {
        try {
            const auto changed = tx.run(
                "UPDATE ledger_balances SET posted = posted + CAST($1 AS BIGINT), held = held + CAST($2 AS "
                "BIGINT) "
                "WHERE tenant_id = :tenant AND account_id = $3 AND (floor IS NULL OR "
                "posted + CAST($1 AS BIGINT) - held - CAST($2 AS BIGINT) >= floor)",
                change.posted, change.held, change.account_id);
            if (changed != 1) refuse(tx, change.account_id);
        } catch (const ConstraintViolation&) {
            throw Failure(invalid_posting, "The balance would be too large.");
        }
    }
}

void leave_for_sealing(Tx& tx, SubjectKind kind, const std::string& subject_id) {
    tx.insert("ledger_unsealed", Unsealed{subject_id, kind});
}

}  // namespace pamoja::ledger::internal
