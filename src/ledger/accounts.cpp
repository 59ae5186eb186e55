#include "ledger/accounts.hpp"

#include <stdexcept>

#include "ledger/internal/books.hpp"

namespace pamoja::ledger {
namespace {

// A floor beyond this could take sums of balances past 64 bits.
constexpr std::int64_t floor_max_minor = 4'000'000'000'000'000'000;

struct BalanceRow {
    AccountId account_id;
    Currency currency;
    std::int64_t posted = 0;
    std::int64_t held = 0;
    std::optional<Money> floor;

    void describe(Fields& f) {
        f("account_id", account_id);
        f("currency", currency);
        f("posted", posted);
        f("held", held);
        f("floor", floor);
    }
};

void assert_floor(const std::optional<Money>& floor, const Currency& currency) {
    if (!floor) return;
    if (floor->currency() != currency) throw std::logic_error("a floor is in another currency");
    if (floor->minor() > floor_max_minor || floor->minor() < -floor_max_minor) {
        throw std::logic_error("a floor is out of range");
    }
}

void assert_spec(const AccountSpec& spec) {
    if (spec.code.empty()) throw std::logic_error("an account needs a code");
    if (spec.is_system && spec.floor) throw std::logic_error("a system account has no floor: " + spec.code);
    assert_floor(spec.floor, spec.currency);
}

void assert_same(const Account& account, const AccountSpec& spec) {
    if (account.kind != spec.kind || account.currency != spec.currency || account.owner != spec.owner ||
        account.is_system != spec.is_system) {
        throw std::logic_error("the account is open as something else: " + spec.code);
    }
}

Account open(Tx& tx, const AccountSpec& spec) {
    assert_spec(spec);
    Account account{tx.new_id<AccountId>(), spec.code,  spec.kind,     spec.owner,
                    spec.currency,          spec.floor, spec.is_system};
    tx.insert("ledger_accounts", account);
    if (!account.is_system) {
        tx.insert("ledger_balances", BalanceRow{account.id, account.currency, 0, 0, spec.floor});
    }
    internal::leave_for_sealing(tx, SubjectKind::account, account.id.text());
    return account;
}

}  // namespace

void Account::describe(Fields& f) {
    f("id", id);
    f("code", code);
    f("kind", kind);
    f("owner", owner);
    f("currency", currency);
    f("opening_floor", opening_floor);
    f("is_system", is_system);
}

Money Account::in_normal_side(const Money& balance) const {
    const bool is_debit_side = kind == AccountKind::asset || kind == AccountKind::expense;
    return is_debit_side ? -balance : balance;
}

AccountSpec house(std::string_view name, AccountKind kind, Currency currency) {
    return {.code = "house:" + std::string(name) + ":" + std::string(currency.code()),
            .kind = kind,
            .currency = currency,
            .is_system = true};
}

AccountSpec customer(const std::string& owner, std::string_view name, Currency currency) {
    return {.code = owner + ":" + std::string(name) + ":" + std::string(currency.code()),
            .kind = AccountKind::liability,
            .currency = currency,
            .owner = owner,
            .floor = Money::zero(currency)};
}

Account account_of(Tx& tx, const AccountSpec& spec) {
    auto account = find_account(tx, spec.code);
    if (!account) return open(tx, spec);
    assert_same(*account, spec);
    return std::move(*account);
}

std::optional<Account> find_account(Tx& tx, std::string_view code) {
    return tx.maybe<Account>("FROM ledger_accounts WHERE tenant_id = :tenant AND code = $1", code);
}

Account account_with(Tx& tx, const AccountId& id) {
    auto account = tx.maybe<Account>("FROM ledger_accounts WHERE tenant_id = :tenant AND id = $1", id);
    require(account.has_value(), not_found, "There is no such account.");
    return std::move(*account);
}

std::vector<Account> accounts_owned_by(Tx& tx, std::string_view owner) {
    return tx.all<Account>("FROM ledger_accounts WHERE tenant_id = :tenant AND owner = $1 ORDER BY code, id",
                           owner);
}

void FloorChange::describe(Fields& f) {
    f("id", id);
    f("account_id", account_id);
    f("number", number);
    f("floor", floor);
    f("currency", currency);
    f("reason", reason);
    f("changed_at", changed_at);
}

FloorChange change_floor(Tx& tx, const Account& account, const std::optional<Money>& floor,
                         const std::string& reason) {
    if (account.is_system) throw std::logic_error("a system account has no floor: " + account.code);
    assert_floor(floor, account.currency);
    const auto changed = tx.run(
        "UPDATE ledger_balances SET floor = $1 WHERE tenant_id = :tenant AND account_id = $2 "
        "AND (CAST($1 AS BIGINT) IS NULL OR posted - held >= CAST($1 AS BIGINT))",
        floor, account.id);
    require(changed == 1, insufficient_funds, "The available balance is below the new floor.");
    const auto last = tx.value<std::int64_t>(
        "SELECT MAX(number) FROM ledger_floor_changes WHERE tenant_id = :tenant AND account_id = $1",
        account.id);
    FloorChange change{tx.new_id<FloorChangeId>(),
                       account.id,
                       last.value_or(0) + 1,
                       floor,
                       account.currency,
                       reason,
                       tx.now()};
    tx.insert("ledger_floor_changes", change);
    internal::leave_for_sealing(tx, SubjectKind::floor_change, change.id.text());
    return change;
}

}  // namespace pamoja::ledger
