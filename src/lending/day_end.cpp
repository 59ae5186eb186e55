#include "lending/day_end.hpp"

#include "jobs/queue.hpp"
#include "lending/accounts.hpp"

namespace pamoja::lending {
namespace {

constexpr jobs::Kind close_day_job{"lending.close_day"};
constexpr int batch_size = 100;
constexpr auto closing_time = std::chrono::minutes(30);  // half past midnight where the tenant is

// A row of loan_penalties.
struct ChargedPenalty {
    LoanId loan_id;
    int instalment = 0;
    int month = 0;
    Money amount{};
    Timestamp charged_at{};

    void describe(Fields& f) {
        f("loan_id", loan_id);
        f("instalment", instalment);
        f("month", month);
        f("amount", amount);
        f("charged_at", charged_at);
    }
};

std::set<PenaltyMonth> charged_so_far(Tx& tx, const LoanId& id) {
    std::set<PenaltyMonth> charged;
    for (const auto& row : tx.all<ChargedPenalty>(
             "FROM loan_penalties WHERE tenant_id = :tenant AND loan_id = $1 ORDER BY instalment, month",
             id)) {
        charged.insert({row.instalment, row.month});
    }
    return charged;
}

// FlexiFinance 2.7: a penalty is a FEE transaction outside of the schedule.
void charge(Tx& tx, const Loan& loan, const Penalty& penalty) {
    tx.insert("loan_penalties",
              ChargedPenalty{loan.id, penalty.of.instalment, penalty.of.month, penalty.amount, tx.now()});
    payments::record_charge(
        tx, {.purpose = "loan.penalty",
             .purpose_id = loan.id.text(),
             .user_id = loan.user_id,
             .amount = penalty.amount,
             .phone = "",
             .reference = "loan:" + loan.id.text() + ":penalty:" + std::to_string(penalty.of.instalment) +
                          ":" + std::to_string(penalty.of.month),
             .account_reference = loan.reference,
             .description = "Penalty on instalment " + std::to_string(penalty.of.instalment)});
}

void charge_penalties(Tx& tx, const Loan& loan) {
    const Product product = product_of(tx, loan.product_id);
    auto dues = dues_of(tx, loan.id);
    const auto penalties = penalties_to_charge(dues, {product.penalty_rate, product.penalty_grace_days},
                                               today_of(tx), charged_so_far(tx, loan.id));
    if (penalties.empty()) return;
    for (const Penalty& penalty : penalties) {
        charge(tx, loan, penalty);
        for (auto& instalment : dues) {
            if (instalment.number == penalty.of.instalment) instalment.penalty.due += penalty.amount;
        }
    }
    save_dues(tx, loan.id, dues);
    jobs::publish(tx, "loan.penalty_charged", loan_facts(loan));
}

// One batch, and a job for the next: no transaction grows with the book.
void close_day(Tx& tx, const jobs::Job& job) {
    const auto* after = job.payload.find("after");
    const auto ids = tx.rows(
        "SELECT id FROM loans WHERE tenant_id = :tenant AND status = 'active' AND id > $1 ORDER BY id "
        "LIMIT " +
            std::to_string(batch_size),
        after != nullptr ? after->text_or_empty() : "");
    for (const Row& row : ids.rows) close_day_for(tx, LoanId(std::get<std::string>(row.cells.at(0))));
    if (ids.rows.size() < batch_size) return;
    json::Object next;
    next.emplace_back("after", json::Value(std::get<std::string>(ids.rows.back().cells.at(0))));
    jobs::enqueue(tx, {.kind = close_day_job, .payload = json::Value(std::move(next))});
}

// A customer types the loan's reference as the account number.
std::optional<payments::NewPayment> explain(Tx& tx, const mpesa::CustomerPayment& paid) {
    const auto loan = loan_with_reference(tx, paid.bill_reference);
    if (!loan || (loan->status != LoanStatus::active && loan->status != LoanStatus::written_off))
        return std::nullopt;
    if (paid.amount.currency() != loan->principal.currency()) return std::nullopt;
    return payments::NewPayment{.purpose = repayment_purpose,
                                .purpose_id = loan->id.text(),
                                .user_id = loan->user_id,
                                .amount = paid.amount,
                                .phone = paid.phone,
                                .reference = "c2b:" + paid.transaction_id,
                                .account_reference = loan->reference,
                                .description = "Paid from the M-Pesa menu"};
}

}  // namespace

void close_day_for(Tx& tx, const LoanId& id) {
    const Loan loan = loan_with(tx, id);
    if (loan.status != LoanStatus::active) return;
    charge_penalties(tx, loan);
    use_credit(tx, loan);
}

void handle_jobs(jobs::Handlers& handlers, std::vector<std::string> tenant_groups) {
    handlers.add(close_day_job, jobs::InsideHandler(close_day));
    handlers.schedule({.name = "lending.close_day",
                       .kind = close_day_job,
                       .when = jobs::DailyAt{closing_time},
                       .groups = std::move(tenant_groups)});
}

void own_payments(payments::Purposes& purposes) {
    purposes.by_name[disbursement_purpose] = {payout_completed, payout_failed};
    purposes.by_name[repayment_purpose] = {repayment_completed, repayment_failed};
    purposes.by_name[fee_purpose] = {fee_completed, repayment_failed};
    purposes.by_name[refund_purpose] = {refund_completed, refund_failed};
    purposes.explain = explain;
}

}  // namespace pamoja::lending
