#include "ledger/statements.hpp"

namespace pamoja::ledger {

void StatementLine::describe(Fields& f) {
    f("transaction_id", transaction_id);
    f("reference", reference);
    f("memo", memo);
    f("effective_at", effective_at);
    f("amount", amount);
    f("balance_after", balance_after);
}

Statement statement(Tx& tx, const Account& account, const StatementPeriod& period, const PageRequest& page) {
    const auto moment = std::chrono::microseconds(1);
    const Money opening = balance_at(tx, account, period.from.minus(moment));
    const Money closing = balance_at(tx, account, std::max(period.from, period.until).minus(moment));
    auto lines = tx.page<StatementLine>(
        page,
        "FROM (SELECT e.transaction_id, t.reference, t.memo, e.effective_at, e.amount, e.currency, "
        "CAST($1 AS BIGINT) + CAST(SUM(e.amount) OVER (ORDER BY e.effective_at, e.transaction_id) AS BIGINT) "
        "AS balance_after FROM ledger_entries e JOIN ledger_transactions t "
        "ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id "
        "WHERE e.tenant_id = :tenant AND e.account_id = $2 AND e.effective_at >= $3 AND e.effective_at < $4) "
        "AS lines",
        "effective_at, transaction_id", opening.minor(), account.id, period.from, period.until);
    return {opening, closing, std::move(lines)};
}

}  // namespace pamoja::ledger
