#include "ledger/balances.hpp"

#include <limits>

namespace pamoja::ledger {
namespace {

struct CustomerRow {
    Money posted;
    Money held;
    std::optional<Money> floor;

    void describe(Fields& f) {
        f("posted", posted);
        f("held", held);
        f("floor", floor);
    }
};

Balance customer_balance(Tx& tx, const Account& account) {
    auto row = tx.maybe<CustomerRow>("FROM ledger_balances WHERE tenant_id = :tenant AND account_id = $1",
                                     account.id);
    require(row.has_value(), not_found, "There is no such account.");
    return {row->posted, row->held, row->floor};
}

Balance system_balance(Tx& tx, const Account& account) {
    const auto posted = tx.value<std::int64_t>(
        "SELECT COALESCE((SELECT posted FROM ledger_snapshots WHERE tenant_id = :tenant AND account_id = "
        "$1), "
        "0) + COALESCE((SELECT CAST(SUM(e.amount) AS BIGINT) FROM ledger_unsealed u JOIN ledger_entries e "
        "ON e.tenant_id = u.tenant_id AND e.transaction_id = u.subject_id "
        "WHERE u.tenant_id = :tenant AND e.account_id = $1), 0)",
        account.id);
    return {Money(posted.value_or(0), account.currency), Money::zero(account.currency), std::nullopt};
}

}  // namespace

Balance balance_of(Tx& tx, const Account& account) {
    return account.is_system ? system_balance(tx, account) : customer_balance(tx, account);
}

Money balance_at(Tx& tx, const Account& account, Timestamp at) {
    // Counting back from today costs what happened since, not all that ever happened.
    const auto since = tx.value<std::int64_t>(
        "SELECT CAST(SUM(amount) AS BIGINT) FROM ledger_entries "
        "WHERE tenant_id = :tenant AND account_id = $1 AND effective_at > $2",
        account.id, at);
    return balance_of(tx, account).posted - Money(since.value_or(0), account.currency);
}

Money turnover(Tx& tx, const Account& account, const TransactionFilter& filter) {
    const std::string sql =
        std::string(
            "SELECT CAST(SUM(amount) AS BIGINT) FROM ledger_entries WHERE tenant_id = :tenant AND "
            "account_id = $1 AND effective_at >= $2 AND effective_at <= $3 AND ") +
        (filter.metadata ? "transaction_id IN (SELECT transaction_id FROM ledger_metadata WHERE tenant_id = "
                           ":tenant AND name = $4 AND value = $5)"
                         : "CAST($4 AS TEXT) = CAST($5 AS TEXT)");
    const auto metadata = filter.metadata.value_or(std::pair<std::string, std::string>());
    const auto sum = tx.value<std::int64_t>(
        sql, account.id, filter.from ? filter.from->micros() : std::numeric_limits<std::int64_t>::min(),
        filter.until ? filter.until->micros() : std::numeric_limits<std::int64_t>::max(), metadata.first,
        metadata.second);
    return {sum.value_or(0), account.currency};
}

}  // namespace pamoja::ledger
