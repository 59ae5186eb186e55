#pragma once
#include "faces/flexifinance/views.hpp"
#include "lending/applications.hpp"
#include "payments/payment.hpp"

namespace pamoja::faces::flexifinance {

// What a payment is called on this wire.
enum class PaymentType { disbursement, repayment, fee };
constexpr std::array<const char*, 3> names(PaymentType) {
    return {"disbursement", "repayment", "fee"};
}
PaymentType type_of(const payments::Payment&);
std::vector<std::string> purposes_of(PaymentType);

// The document knows three states.
enum class WirePaymentStatus { pending, completed, failed };
constexpr std::array<const char*, 3> names(WirePaymentStatus) {
    return {"pending", "completed", "failed"};
}
WirePaymentStatus status_of(const payments::Payment&);
std::vector<payments::PaymentStatus> statuses_of(WirePaymentStatus);

struct CriteriaView {
    Money min_income{};
    int employment_duration = 0;
    int credit_score_min = 0;

    void describe(Fields& f);
};

struct ProductView {
    lending::Product product;
    CriteriaView criteria = {};

    void describe(Fields& f);
};

struct LoanSummaryView {
    lending::Loan loan;
    Money total{};
    Money remaining{};
    std::optional<Timestamp> next_payment_date = {};
    std::optional<Money> next_payment_amount = {};

    void describe(Fields& f);
};
LoanSummaryView summary_of(Tx&, const lending::Loan&);

struct InstalmentView {
    int number = 0;
    Timestamp due_date{};
    Money principal{};
    Money interest{};
    Money total{};
    Money paid{};
    Money remaining{};
    std::optional<Money> penalty = {};
    std::string status;  // PAID, PARTIAL, DUE, OVERDUE

    void describe(Fields& f);
};

struct LoanDetailView {
    LoanSummaryView summary;
    Money processing_fee_outstanding{};
    std::optional<std::string> rejection_reason = {};
    std::vector<InstalmentView> schedule = {};

    void describe(Fields& f);
};
LoanDetailView detail_of(Tx&, const lending::Loan&);

struct LoanPaymentView {
    payments::Payment payment;
    PaymentType type = PaymentType::repayment;
    WirePaymentStatus status = WirePaymentStatus::pending;

    void describe(Fields& f);
};

}  // namespace pamoja::faces::flexifinance
