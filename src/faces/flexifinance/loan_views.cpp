#include "faces/flexifinance/loan_views.hpp"

#include "lending/accounts.hpp"
#include "lending/repayment.hpp"

namespace pamoja::faces::flexifinance {
namespace {

// The document writes days as midnight UTC.
Timestamp midnight(const Date& day) {
    return Timestamp::from_seconds(day.days().time_since_epoch().count() * 86'400LL);
}

std::string status_of(const lending::InstalmentDues& dues, const Date& today) {
    const bool is_started = !dues.interest.paid.is_zero() || !dues.principal.paid.is_zero();
    if (dues.scheduled_outstanding().is_zero()) return "PAID";
    if (dues.due_on < today) return "OVERDUE";
    return is_started ? "PARTIAL" : "DUE";
}

InstalmentView view_of(const lending::InstalmentDues& dues, const Date& today) {
    InstalmentView view;
    view.number = dues.number;
    view.due_date = midnight(dues.due_on);
    view.principal = dues.principal.due;
    view.interest = dues.interest.due;
    view.total = dues.principal.due + dues.interest.due;
    view.paid = dues.principal.paid + dues.interest.paid;
    view.remaining = dues.scheduled_outstanding();
    if (dues.penalty.due.is_positive()) view.penalty = dues.penalty.outstanding();
    view.status = status_of(dues, today);
    return view;
}

}  // namespace

PaymentType type_of(const payments::Payment& payment) {
    if (payment.direction == payments::Direction::payout) return PaymentType::disbursement;
    const bool is_fee =
        payment.direction == payments::Direction::charge || payment.purpose == lending::fee_purpose;
    return is_fee ? PaymentType::fee : PaymentType::repayment;
}

std::vector<std::string> purposes_of(PaymentType type) {
    switch (type) {
        case PaymentType::disbursement:
            return {lending::disbursement_purpose, lending::refund_purpose};
        case PaymentType::repayment:
            return {lending::repayment_purpose};
        case PaymentType::fee:
            return {lending::fee_purpose, lending::processing_fee_purpose, "loan.penalty"};
    }
    return {};
}

WirePaymentStatus status_of(const payments::Payment& payment) {
    switch (payment.status) {
        case payments::PaymentStatus::completed:
            return WirePaymentStatus::completed;
        case payments::PaymentStatus::failed:
        case payments::PaymentStatus::cancelled:
            return WirePaymentStatus::failed;
        case payments::PaymentStatus::created:
        case payments::PaymentStatus::submitted:
        case payments::PaymentStatus::pending:
        case payments::PaymentStatus::unknown:
            return WirePaymentStatus::pending;
    }
    return WirePaymentStatus::pending;
}

std::vector<payments::PaymentStatus> statuses_of(WirePaymentStatus status) {
    using enum payments::PaymentStatus;
    switch (status) {
        case WirePaymentStatus::pending:
            return {created, submitted, pending, unknown};
        case WirePaymentStatus::completed:
            return {completed};
        case WirePaymentStatus::failed:
            return {failed, cancelled};
    }
    return {};
}

void CriteriaView::describe(Fields& f) {
    f("min_income", min_income);
    f("employment_duration", employment_duration);
    f("credit_score_min", credit_score_min);
}

void ProductView::describe(Fields& f) {
    criteria = {product.min_income, product.employment_months_min, product.credit_score_min};
    f("product_id", product.id);
    f("product_name", product.name);
    f("min_amount", product.min_amount);
    f("max_amount", product.max_amount);
    f("min_tenure", product.min_tenure);
    f("max_tenure", product.max_tenure);
    f("interest_rate", product.interest_rate);
    f("processing_fee", product.processing_fee);
    f("penalty_rate", product.penalty_rate);
    f("eligibility_criteria", criteria);
    f("is_active", product.is_active);
}

void LoanSummaryView::describe(Fields& f) {
    f("loan_id", loan.id);
    f("loan_reference", loan.reference);
    f("product_name", loan.product_name);
    f("principal_amount", loan.principal);
    f("interest_rate", loan.interest_rate);
    f("loan_tenure", loan.tenure);
    f("total_amount", total);
    f("remaining_balance", remaining);
    f("status", loan.status);
    f("application_date", loan.submitted_at);
    f("disbursement_date", loan.disbursed_at);
    f("next_payment_date", next_payment_date);
    f("next_payment_amount", next_payment_amount);
}

LoanSummaryView summary_of(Tx& tx, const lending::Loan& loan) {
    const auto dues = lending::dues_of(tx, loan.id);
    LoanSummaryView view;
    view.loan = loan;
    view.total = loan.total();
    view.remaining = dues.empty() ? loan.total() : lending::remaining_of(dues, loan.principal.currency());
    const auto* next = loan.status == lending::LoanStatus::active ? lending::next_instalment(dues) : nullptr;
    if (next != nullptr) {
        view.next_payment_date = midnight(next->due_on);
        view.next_payment_amount = next->scheduled_outstanding();
    }
    return view;
}

void InstalmentView::describe(Fields& f) {
    f("installment_number", number);
    f("due_date", due_date);
    f("principal_amount", principal);
    f("interest_amount", interest);
    f("total_amount", total);
    f("paid_amount", paid);
    f("remaining_amount", remaining);
    f("penalty_amount", penalty).omitted_when_absent();
    f("status", status);
}

void LoanDetailView::describe(Fields& f) {
    f.include(summary);
    f("application_id", summary.loan.id);
    f("purpose", summary.loan.purpose);
    f("processing_fee_outstanding", processing_fee_outstanding);
    f("rejection_reason", rejection_reason);
    f("repayment_schedule", schedule);
}

LoanDetailView detail_of(Tx& tx, const lending::Loan& loan) {
    LoanDetailView view;
    view.summary = summary_of(tx, loan);
    view.processing_fee_outstanding = lending::fees_outstanding(tx, loan);
    view.rejection_reason = loan.rejection_reason;
    const Date today = lending::today_of(tx);
    for (const auto& dues : lending::dues_of(tx, loan.id)) view.schedule.push_back(view_of(dues, today));
    return view;
}

void LoanPaymentView::describe(Fields& f) {
    type = type_of(payment);
    status = status_of(payment);
    f("payment_id", payment.id);
    f("payment_type", type);
    f("amount", payment.amount);
    f("status", status);
    f("initiated_at", payment.initiated_at);
    f("completed_at", payment.completed_at);
    f("phone_number", payment.phone);
    f("mpesa_reference", payment.receipt);
    f("receipt_number", payment.receipt_number);
}

}  // namespace pamoja::faces::flexifinance
