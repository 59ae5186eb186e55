#include "lending/loans.hpp"

namespace pamoja::lending {
namespace {

// A row of loan_instalments.
struct InstalmentRow {
    LoanId loan_id;
    int number = 0;
    Date due_on;
    Money principal_due, principal_paid, interest_due, interest_paid, penalty_due, penalty_paid, fee_due,
        fee_paid;

    void describe(Fields& f) {
        f("loan_id", loan_id);
        f("number", number);
        f("due_on", due_on);
        f("principal_due", principal_due);
        f("principal_paid", principal_paid);
        f("interest_due", interest_due);
        f("interest_paid", interest_paid);
        f("penalty_due", penalty_due);
        f("penalty_paid", penalty_paid);
        f("fee_due", fee_due);
        f("fee_paid", fee_paid);
    }

    InstalmentDues dues() const {
        return {.number = number,
                .due_on = due_on,
                .penalty = {penalty_due, penalty_paid},
                .fee = {fee_due, fee_paid},
                .interest = {interest_due, interest_paid},
                .principal = {principal_due, principal_paid}};
    }
};

}  // namespace

void Employment::describe(Fields& f) {
    f.optional("occupation", occupation).length(0, 100);
    f.optional("employer_name", employer_name).length(0, 100);
    f("monthly_income", monthly_income).at_least(0);
    f("employment_duration", employment_duration).between(0, 1200);
}

void ScoreNote::describe(Fields& f) {
    f("code", code);
    f("text", text);
    f("points", points);
}

void Loan::describe(Fields& f) {
    f("id", id);
    f("reference", reference);
    f("user_id", user_id);
    f("product_id", product_id);
    f("product_name", product_name);
    f("status", status);
    f("requested_amount", requested_amount);
    f("requested_tenure", requested_tenure);
    f("principal", principal);
    f("tenure", tenure);
    f("interest_rate", interest_rate);
    f("total_interest", total_interest);
    f("purpose", purpose);
    f("employment", employment);
    f("risk_score", risk_score);
    f("risk_reasons", risk_reasons);
    f("submitted_at", submitted_at);
    f("reviewed_at", reviewed_at);
    f("decided_at", decided_at);
    f("decided_by", decided_by);
    f("rejection_reason", rejection_reason);
    f("admin_notes", admin_notes);
    f("disbursed_at", disbursed_at);
    f("payout_id", payout_id);
    f("payout_attempts", payout_attempts);
    f("closed_at", closed_at);
}

Loan loan_of(Tx& tx, const UserId& borrower, const LoanId& id) {
    auto found =
        tx.maybe<Loan>("FROM loans WHERE tenant_id = :tenant AND id = $1 AND user_id = $2", id, borrower);
    require(found.has_value(), not_found, "There is no such loan.");
    return std::move(*found);
}

Loan loan_with(Tx& tx, const LoanId& id) {
    auto found = tx.maybe<Loan>("FROM loans WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such loan.");
    return std::move(*found);
}

std::optional<Loan> loan_with_reference(Tx& tx, std::string_view reference) {
    return tx.maybe<Loan>("FROM loans WHERE tenant_id = :tenant AND reference = $1", reference);
}

Page<Loan> loans_matching(Tx& tx, const LoanFilter& filter, const PageRequest& request) {
    std::string statuses;
    for (const auto status : filter.statuses) statuses += std::string(",") + name_of(status) + ",";
    return tx.page<Loan>(request,
                         "FROM loans WHERE tenant_id = :tenant AND (CAST($1 AS TEXT) = '' OR user_id = $1) "
                         "AND (CAST($2 AS TEXT) = '' OR CAST($2 AS TEXT) LIKE '%,' || status || ',%')",
                         "submitted_at DESC, id DESC", filter.borrower.value_or(UserId()), statuses);
}

Page<Loan> applications_to_decide(Tx& tx, const PageRequest& request) {
    return tx.page<Loan>(request,
                         "FROM loans WHERE tenant_id = :tenant AND status IN ('submitted', 'under_review')",
                         "submitted_at, id");
}

void save(Tx& tx, const Loan& loan) {
    tx.run(
        "UPDATE loans SET status = $3, principal = $4, tenure = $5, interest_rate = $6, total_interest = $7, "
        "reviewed_at = $8, decided_at = $9, decided_by = $10, rejection_reason = $11, admin_notes = $12, "
        "disbursed_at = $13, payout_id = $14, payout_attempts = $15, closed_at = $16 "
        "WHERE tenant_id = :tenant AND id = $1 AND user_id = $2",
        loan.id, loan.user_id, loan.status, loan.principal, loan.tenure, loan.interest_rate,
        loan.total_interest, loan.reviewed_at, loan.decided_at, loan.decided_by, loan.rejection_reason,
        loan.admin_notes, loan.disbursed_at, loan.payout_id, loan.payout_attempts, loan.closed_at);
}

std::vector<InstalmentDues> dues_of(Tx& tx, const LoanId& id) {
    std::vector<InstalmentDues> dues;
    for (const auto& row : tx.all<InstalmentRow>(
             "FROM loan_instalments WHERE tenant_id = :tenant AND loan_id = $1 ORDER BY number", id)) {
        dues.push_back(row.dues());
    }
    return dues;
}

void insert_dues(Tx& tx, const LoanId& id, const std::vector<InstalmentDues>& dues) {
    for (const auto& d : dues) {
        tx.insert("loan_instalments",
                  InstalmentRow{id, d.number, d.due_on, d.principal.due, d.principal.paid, d.interest.due,
                                d.interest.paid, d.penalty.due, d.penalty.paid, d.fee.due, d.fee.paid});
    }
}

void save_dues(Tx& tx, const LoanId& id, const std::vector<InstalmentDues>& dues) {
    for (const auto& instalment : dues) {
        const bool is_paid = instalment.scheduled_outstanding().is_zero();
        tx.run(
            "UPDATE loan_instalments SET principal_paid = $3, interest_paid = $4, penalty_due = $5, "
            "penalty_paid = $6, "
            "fee_due = $7, fee_paid = $8, paid_at = CASE WHEN CAST($9 AS BOOLEAN) THEN COALESCE(paid_at, "
            "CAST($10 AS BIGINT)) END "
            "WHERE tenant_id = :tenant AND loan_id = $1 AND number = $2",
            id, instalment.number, instalment.principal.paid, instalment.interest.paid,
            instalment.penalty.due, instalment.penalty.paid, instalment.fee.due, instalment.fee.paid, is_paid,
            tx.now());
    }
}

Money remaining_of(const std::vector<InstalmentDues>& dues, Currency currency) {
    Money remaining = Money::zero(currency);
    for (const auto& instalment : dues) remaining += instalment.scheduled_outstanding();
    return remaining;
}

const InstalmentDues* next_instalment(const std::vector<InstalmentDues>& dues) {
    for (const auto& instalment : dues) {
        if (!instalment.scheduled_outstanding().is_zero()) return &instalment;
    }
    return nullptr;
}

}  // namespace pamoja::lending
