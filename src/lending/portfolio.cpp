#include "lending/portfolio.hpp"

#include "ledger/balances.hpp"
#include "lending/accounts.hpp"
#include "lending/disbursement.hpp"

namespace pamoja::lending {
namespace {

constexpr std::size_t reports_max = 20;

// Per active loan: the principal still owed, and the oldest day of which interest or principal is unpaid.
constexpr const char* per_loan =
    "(SELECT loan_id, currency, SUM(principal_due - principal_paid) AS outstanding, "
    "MIN(CASE WHEN principal_paid < principal_due OR interest_paid < interest_due THEN due_on END) AS oldest "
    "FROM loan_instalments WHERE tenant_id = :tenant AND loan_id IN "
    "(SELECT id FROM loans WHERE tenant_id = :tenant AND status = 'active') "
    "GROUP BY loan_id, currency) AS book";

std::int64_t number(const Rows& rows, std::size_t column) {
    return std::get<std::int64_t>(rows.rows.at(0).cells.at(column));
}

Money principal_in(Tx& tx, const char* statuses, Currency currency) {
    const std::string sql =
        "SELECT COALESCE(SUM(principal), 0) FROM loans WHERE tenant_id = :tenant AND currency = $1 AND "
        "status IN (" +
        std::string(statuses) + ")";
    return {tx.value<std::int64_t>(sql, currency).value_or(0), currency};
}

// Each row's first column names a loan that breaks a rule.
void report(Tx& tx, std::vector<std::string>& violations, const std::string& sql, const char* sentence) {
    for (const Row& row : tx.rows(sql + " LIMIT " + std::to_string(reports_max)).rows) {
        violations.push_back("loan " + std::get<std::string>(row.cells.at(0)) + ": " + sentence);
    }
}

}  // namespace

void LateLoan::describe(Fields& f) {
    f("loan_id", loan_id);
    f("oldest_due_on", oldest_due_on);
    f("outstanding_principal", outstanding_principal);
}

Portfolio portfolio(Tx& tx, Currency currency) {
    const Date today = today_of(tx);
    const std::string late = "COALESCE(SUM(CASE WHEN oldest < $";
    std::string sql =
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN oldest < $1 THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(outstanding), 0)";
    for (int i = 1; i <= 4; ++i) sql += ", " + late + std::to_string(i) + " THEN outstanding ELSE 0 END), 0)";
    const auto rows = tx.rows(sql + " FROM " + per_loan, today, today.plus_days(-30), today.plus_days(-60),
                              today.plus_days(-90));
    const auto money = [&](std::size_t column) { return Money(number(rows, column), currency); };
    Portfolio result{.loans_active = number(rows, 0),
                     .loans_late = number(rows, 1),
                     .applications_waiting =
                         tx.value<std::int64_t>("SELECT COUNT(*) FROM loans WHERE tenant_id = :tenant AND "
                                                "status IN ('submitted', 'under_review')")
                             .value_or(0),
                     .outstanding_principal = money(2),
                     .par_1 = money(3),
                     .par_30 = money(4),
                     .par_60 = money(5),
                     .par_90 = money(6),
                     .disbursed_total = principal_in(tx, "'active', 'completed', 'written_off'", currency)};
    result.collected_total = {
        // Without surplus: it counts when the borrower's credit pays something, which is a receipt of its
        // own.
        tx.value<std::int64_t>("SELECT COALESCE(SUM(amount - surplus), 0) FROM loan_receipts WHERE "
                               "tenant_id = :tenant AND currency = $1",
                               currency)
            .value_or(0),
        currency};
    const auto expense = ledger::find_account(tx, "house:write_off_expense:" + std::string(currency.code()));
    result.written_off_total =
        expense ? expense->in_normal_side(ledger::balance_of(tx, *expense).posted) : Money::zero(currency);
    return result;
}

Page<LateLoan> late_loans(Tx& tx, const PageRequest& request) {
    return tx.page<LateLoan>(request,
                             "FROM (SELECT loan_id, currency, oldest AS oldest_due_on, outstanding AS "
                             "outstanding_principal FROM " +
                                 std::string(per_loan) + " WHERE oldest < $1) AS late",
                             "oldest_due_on, loan_id", today_of(tx));
}

std::vector<std::string> check(Tx& tx) {
    std::vector<std::string> violations;
    report(tx, violations,
           "SELECT l.id FROM loans l LEFT JOIN (SELECT loan_id, SUM(principal_due) AS principal, "
           "SUM(interest_due) AS interest "
           "FROM loan_instalments WHERE tenant_id = :tenant GROUP BY loan_id) s ON s.loan_id = l.id "
           "WHERE l.tenant_id = :tenant AND l.status IN ('active', 'completed', 'written_off') AND "
           "(COALESCE(s.principal, -1) <> l.principal OR s.interest <> l.total_interest) ORDER BY l.id",
           "its schedule does not add up to its principal and interest");
    report(tx, violations,
           "SELECT i.loan_id FROM (SELECT loan_id, SUM(principal_paid + interest_paid + penalty_paid + "
           "fee_paid) AS paid FROM "
           "loan_instalments WHERE tenant_id = :tenant GROUP BY loan_id) i LEFT JOIN (SELECT loan_id, "
           "SUM(amount - surplus) AS "
           "used FROM loan_receipts WHERE tenant_id = :tenant GROUP BY loan_id) r ON r.loan_id = i.loan_id "
           "WHERE i.paid > COALESCE(r.used, 0) ORDER BY i.loan_id",
           "more is marked as paid than came in");
    report(tx, violations,
           "SELECT l.id FROM loans l WHERE l.tenant_id = :tenant AND l.status = 'completed' AND EXISTS "
           "(SELECT 1 FROM "
           "loan_instalments i WHERE i.tenant_id = :tenant AND i.loan_id = l.id AND (i.principal_paid < "
           "i.principal_due OR "
           "i.interest_paid < i.interest_due)) ORDER BY l.id",
           "it is completed although something is unpaid");
    for (const Row& row :
         tx.rows(
               "SELECT currency, SUM(principal_due - principal_paid) FROM loan_instalments WHERE tenant_id = "
               ":tenant AND loan_id IN (SELECT id FROM loans WHERE tenant_id = :tenant AND status = "
               "'active') GROUP BY currency ORDER BY currency")
             .rows) {
        const Currency currency(std::get<std::string>(row.cells.at(0)));
        const Money owed(std::get<std::int64_t>(row.cells.at(1)), currency);
        const auto book = ledger::find_account(tx, "house:loan_book:" + std::string(currency.code()));
        const Money booked =
            book ? book->in_normal_side(ledger::balance_of(tx, *book).posted) : Money::zero(currency);
        if (booked != owed) {
            violations.push_back("the loan book holds " + booked.major_text() + " but borrowers owe " +
                                 owed.major_text());
        }
    }
    return violations;
}

}  // namespace pamoja::lending
