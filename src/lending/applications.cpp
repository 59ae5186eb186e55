#include "lending/applications.hpp"

#include <fmt/format.h>

#include "identity/tenants.hpp"
#include "jobs/queue.hpp"
#include "kyc/kyc.hpp"
#include "lending/disbursement.hpp"

namespace pamoja::lending {
namespace {

constexpr std::int64_t waiting_max = 10;

void require_offered(const Product& product, const Money& amount, int tenure, const char* amount_field,
                     const char* tenure_field) {
    require_field(amount >= product.min_amount && amount <= product.max_amount, amount_field, "out_of_range",
                  "The amount must be between " + product.min_amount.shortest_text() + " and " +
                      product.max_amount.shortest_text() + ".");
    require_field(
        tenure >= product.min_tenure && tenure <= product.max_tenure, tenure_field, "out_of_range",
        fmt::format("The tenure must be between {} and {}.", product.min_tenure, product.max_tenure));
}

// What the applicant states must meet the product's criteria; what is not stated is left to the officer.
void require_eligible(const Product& product, const Employment& employment) {
    require_field(
        !employment.monthly_income || *employment.monthly_income >= product.min_income,
        "employment_info.monthly_income", "not_eligible",
        "This product asks for a monthly income of at least " + product.min_income.shortest_text() + ".");
    require_field(
        !employment.employment_duration || *employment.employment_duration >= product.employment_months_min,
        "employment_info.employment_duration", "not_eligible",
        fmt::format("This product asks for at least {} months of employment.",
                    product.employment_months_min));
}

Money interest_of(Tx& tx, const Product& product, const Money& principal, int tenure, const Rate& rate) {
    const Date today = today_of(tx);
    return totals(schedule(terms_of(product, principal, tenure, rate, today))).interest;
}

std::string next_reference(Tx& tx) {
    const int year = static_cast<int>(today_of(tx).calendar().year());
    tx.run(
        "INSERT INTO loan_counters (tenant_id, year, last_number) VALUES (:tenant, $1, 1) "
        "ON CONFLICT (tenant_id, year) DO UPDATE SET last_number = loan_counters.last_number + 1",
        year);
    const auto number = *tx.value<std::int64_t>(
        "SELECT last_number FROM loan_counters WHERE tenant_id = :tenant AND year = $1", year);
    return fmt::format("LF{}{:05}", year, number);
}

KycStanding standing_of(kyc::Status status) {
    switch (status) {
        case kyc::Status::pending:
            return KycStanding::none;
        case kyc::Status::submitted:
            return KycStanding::pending;
        case kyc::Status::approved:
            return KycStanding::verified;
        case kyc::Status::rejected:
            return KycStanding::rejected;
    }
    return KycStanding::none;
}

// What the borrower's earlier loans say.
void add_history(Tx& tx, const UserId& borrower, ScoreFacts& facts) {
    const auto count = [&](const char* sql) {
        return static_cast<int>(tx.value<std::int64_t>(sql, borrower).value_or(0));
    };
    facts.loans_completed = count(
        "SELECT COUNT(*) FROM loans WHERE tenant_id = :tenant AND user_id = $1 AND status = 'completed'");
    facts.loans_running =
        count("SELECT COUNT(*) FROM loans WHERE tenant_id = :tenant AND user_id = $1 AND status = 'active'");
    const Date today = today_of(tx);
    const auto running = tx.all<Loan>(
        "FROM loans WHERE tenant_id = :tenant AND user_id = $1 AND status IN ('active', 'completed') "
        "ORDER BY submitted_at DESC, id LIMIT 50",
        borrower);
    for (const Loan& loan : running) {
        const auto dues = dues_of(tx, loan.id);
        facts.days_past_due = std::max(facts.days_past_due, arrears_of(dues, today).days_past_due);
        facts.instalments_late += late_instalments(tx, loan.id);
        if (loan.status == LoanStatus::active) facts.other_monthly_debt += monthly_payment(loan);
    }
}

Score score_application(Tx& tx, const Loan& loan) {
    ScoreFacts facts{.requested = loan.requested_amount,
                     .instalment = monthly_payment(loan),
                     .monthly_income = loan.employment.monthly_income,
                     .other_monthly_debt = Money::zero(loan.principal.currency()),
                     .employment_months = loan.employment.employment_duration,
                     .kyc = standing_of(kyc::file_of(tx, loan.user_id).status)};
    add_history(tx, loan.user_id, facts);
    return score_of(facts);
}

void publish(Tx& tx, const char* event, const Loan& loan) {
    jobs::publish(tx, event, loan_facts(loan));
}

Loan decidable(Tx& tx, const LoanId& id, const UserId& officer) {
    Loan loan = loan_with(tx, id);
    require(loan.user_id != officer, forbidden, "You cannot decide on your own loan.");
    require(loan.status == LoanStatus::submitted || loan.status == LoanStatus::under_review, not_decidable,
            "This application has been decided already.");
    return loan;
}

}  // namespace

Loan apply(Tx& tx, const UserId& borrower, const LoanRequest& application) {
    const auto found =
        tx.maybe<Product>("FROM loan_products WHERE tenant_id = :tenant AND id = $1", application.product_id);
    require_field(found && found->is_active, "product_id", "invalid", "There is no such loan product.");
    const Product& product = *found;
    const Employment employment = application.employment_info.value_or(Employment{});
    require_offered(product, application.requested_amount, application.requested_tenure, "requested_amount",
                    "requested_tenure");
    require_eligible(product, employment);
    const auto waiting = tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM loans WHERE tenant_id = :tenant AND user_id = $1 AND status IN ('submitted', "
        "'under_review')",
        borrower);
    require(waiting.value_or(0) < waiting_max, too_many_applications,
            "Ten of your applications wait for a decision already.");

    Loan loan{.id = tx.new_id<LoanId>(),
              .reference = next_reference(tx),
              .user_id = borrower,
              .product_id = product.id,
              .product_name = product.name,
              .requested_amount = application.requested_amount,
              .requested_tenure = application.requested_tenure,
              .principal = application.requested_amount,
              .tenure = application.requested_tenure,
              .interest_rate = product.interest_rate,
              .total_interest = interest_of(tx, product, application.requested_amount,
                                            application.requested_tenure, product.interest_rate),
              .purpose = application.purpose,
              .employment = employment,
              .risk_reasons = {},
              .submitted_at = tx.now()};
    const Score score = score_application(tx, loan);
    loan.risk_score = score.score;
    for (const auto& reason : score.reasons)
        loan.risk_reasons.push_back({reason.code, reason.text, reason.points});
    tx.insert("loans", loan);
    publish(tx, "loan.submitted", loan);
    return loan;
}

Money monthly_payment(const Loan& loan) {
    const auto whole_unit = loan.principal.currency().decimals() == 0 ? 1 : 100;
    const Money average = loan.total().scaled(1, std::max(loan.tenure, 1), Rounding::down);
    return average.to_multiple(whole_unit, Rounding::down);
}

Loan start_review(Tx& tx, const LoanId& id, const UserId& officer, const std::string& notes) {
    Loan loan = decidable(tx, id, officer);
    require(loan.status == LoanStatus::submitted, not_decidable, "This application is under review already.");
    loan.status = LoanStatus::under_review;
    loan.reviewed_at = tx.now();
    if (!notes.empty()) loan.admin_notes = notes;
    save(tx, loan);
    publish(tx, "loan.under_review", loan);
    return loan;
}

Loan approve(Tx& tx, const LoanId& id, const Approval& approval, const UserId& officer) {
    Loan loan = decidable(tx, id, officer);
    const Product product = product_of(tx, loan.product_id);
    require(!product.kyc_required || kyc::file_of(tx, loan.user_id).status == kyc::Status::approved,
            kyc_required, "The borrower's identity must be verified first.");
    loan.principal = approval.amount.value_or(loan.requested_amount);
    loan.tenure = approval.tenure.value_or(loan.requested_tenure);
    loan.interest_rate = approval.interest_rate.value_or(product.interest_rate);
    require_offered(product, loan.principal, loan.tenure, "approved_amount", "approved_tenure");
    loan.total_interest = interest_of(tx, product, loan.principal, loan.tenure, loan.interest_rate);
    loan.status = LoanStatus::approved;
    loan.decided_at = tx.now();
    loan.decided_by = officer;
    if (!approval.notes.empty()) loan.admin_notes = approval.notes;
    save(tx, loan);
    publish(tx, "loan.approved", loan);
    if (product.disburses_automatically) loan = start_payout(tx, loan.id);
    return loan;
}

Loan reject(Tx& tx, const LoanId& id, const std::string& reason, const std::string& notes,
            const UserId& officer) {
    Loan loan = decidable(tx, id, officer);
    loan.status = LoanStatus::rejected;
    loan.decided_at = tx.now();
    loan.decided_by = officer;
    loan.rejection_reason = reason;
    if (!notes.empty()) loan.admin_notes = notes;
    save(tx, loan);
    publish(tx, "loan.rejected", loan);
    return loan;
}

}  // namespace pamoja::lending
