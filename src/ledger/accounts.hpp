#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/tx.hpp"
#include "describe/fields.hpp"

namespace pamoja::ledger {

inline constexpr Reason insufficient_funds{FailureKind::conflict, "insufficient_funds"};

using AccountId = Id<struct AccountTag>;

enum class AccountKind { asset, liability, income, expense, equity };
constexpr std::array<const char*, 5> names(AccountKind) {
    return {"asset", "liability", "income", "expense", "equity"};
}

// Amounts and balances are signed: positive is a credit, negative a debit, and money moves from the account
// that is debited to the one that is credited. So what we owe a customer (a liability) is positive, and cash
// or loans that we hold (assets) are negative; in_normal_side() turns a balance into the number that a
// balance sheet shows.
//
// An account never changes once it is open, so callers may keep it as long as the transaction that opened it
// has committed.
struct Account {
    AccountId id;
    std::string code;  // unique in the tenant: "house:loan_book:KES", "user:UUID:wallet:KES"
    AccountKind kind = AccountKind::liability;
    std::optional<std::string> owner;  // "user:UUID", "group:UUID"; none for the house's own
    Currency currency;
    std::optional<Money> opening_floor;  // change_floor moves the floor in force, which Balance shows
    // System accounts (provider float, fee income, suspense) have no floor and no holds, and any number of
    // transactions can post to one at the same time.
    bool is_system = false;

    void describe(Fields&);
    Money in_normal_side(const Money& balance) const;
};

// What account_of opens. Make it with house() or customer(), or by hand for what they do not cover.
struct AccountSpec {
    std::string code;
    AccountKind kind = AccountKind::liability;
    Currency currency = {};
    std::optional<std::string> owner = std::nullopt;
    std::optional<Money> floor = std::nullopt;
    bool is_system = false;
};

// The system account "house:NAME:CURRENCY".
AccountSpec house(std::string_view name, AccountKind, Currency);
// The liability "OWNER:NAME:CURRENCY" with floor zero: what we owe to the owner, such as a wallet.
AccountSpec customer(const std::string& owner, std::string_view name, Currency);

// The account with the spec's code; opens it on first use, so call it in a write transaction. Throws
// std::logic_error when the code is open with another kind, currency or owner, or when the spec is
// contradictory (a system account with a floor, a floor in another currency).
Account account_of(Tx&, const AccountSpec&);

// For read transactions: the account, if it has been opened.
std::optional<Account> find_account(Tx&, std::string_view code);
Account account_with(Tx&, const AccountId&);  // throws not_found
std::vector<Account> accounts_owned_by(Tx&, std::string_view owner);

using FloorChangeId = Id<struct FloorChangeTag>;

struct FloorChange {
    FloorChangeId id;
    AccountId account_id;
    std::int64_t number = 0;  // 1, 2, 3, … of the account
    std::optional<Money> floor;
    Currency currency;
    std::string reason;
    Timestamp changed_at;

    void describe(Fields&);
};

// Moves the floor of a customer account (empty: no floor) and records who or what asked for it. Throws
// insufficient_funds when the available balance is below the new floor.
FloorChange change_floor(Tx&, const Account&, const std::optional<Money>& floor, const std::string& reason);

}  // namespace pamoja::ledger
