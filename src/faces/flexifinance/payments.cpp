#include "base/phone.hpp"
#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/loan_views.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "identity/tenants.hpp"
#include "lending/accounts.hpp"
#include "lending/repayment.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using payments::Payment;
using payments::PaymentId;

// A push asks a customer to pay something: disbursements go the other way.
enum class PushType { repayment, fee };
constexpr std::array<const char*, 2> names(PushType) {
    return {"repayment", "fee"};
}

struct PushRequest {
    lending::LoanId loan_id;
    Money amount{};
    std::string phone_number;
    PushType payment_type = PushType::repayment;
    std::string description;

    void describe(Fields& f) {
        f("loan_id", loan_id).length(1, 60);
        f("amount", amount).money_between(1'00, 250'000'00).doc("Whole shillings.");
        f("phone_number", phone_number).phone();
        f.optional("payment_type", payment_type);
        f.optional("description", description).length(0, 140);
    }
    void check(Reading& reading) const {
        if (amount.minor() % 100 != 0) {
            reading.errors.push_back({"amount", "M-Pesa moves whole shillings only", "invalid"});
        }
        if (!normalize_phone(phone_number, "KE")) {
            reading.errors.push_back({"phone_number", "Must be a phone number", "invalid"});
        }
    }
};

struct PushFacts {
    PaymentId payment_id;
    std::optional<mpesa::Answer<mpesa::PushAccepted>>
        answer;  // empty when an earlier request sent it already
};

struct MpesaRequestView {
    std::optional<std::string> checkout_request_id;
    std::optional<std::string> merchant_request_id;

    void describe(Fields& f) {
        f("checkout_request_id", checkout_request_id);
        f("merchant_request_id", merchant_request_id);
    }
};

struct PushView {
    Payment payment;
    MpesaRequestView mpesa_request{};
    WirePaymentStatus status = WirePaymentStatus::pending;
    std::string message = "STK push sent to your phone";

    void describe(Fields& f) {
        mpesa_request = {payment.checkout_request_id, payment.merchant_request_id};
        status = status_of(payment);
        f("payment_id", payment.id);
        f("mpesa_request", mpesa_request);
        f("status", status);
        f("message", message);
    }
};

payments::NewPayment payment_for(const lending::Loan& loan, const PushRequest& request,
                                 const std::string& reference) {
    return {
        .purpose = request.payment_type == PushType::fee ? lending::fee_purpose : lending::repayment_purpose,
        .purpose_id = loan.id.text(),
        .user_id = loan.user_id,
        .amount = request.amount,
        .phone = *normalize_phone(request.phone_number, "KE"),
        .reference = reference,
        .account_reference = loan.reference,
        .description = request.description.empty() ? "Loan payment" : request.description};
}

// The schedule may be paid while a processing fee is still open: that can be paid afterwards.
void require_payable(Tx& tx, const lending::Loan& loan) {
    require(loan.status == lending::LoanStatus::active || loan.status == lending::LoanStatus::written_off ||
                lending::fees_outstanding(tx, loan).is_positive(),
            lending::nothing_to_pay, "This loan is not running, so there is nothing to pay.");
}

// The intent is committed before Safaricom is called. A repeated request with the same key finds it and does
// not push a second time.
PushFacts push_to_phone(Outside& outside, const PushRequest& request) {
    const auto& desk = services_of(outside).desk;
    const auto opened = outside.commit([&](Tx& tx) {
        const auto loan = lending::loan_of(tx, outside.actor().user_id, request.loan_id);
        require_payable(tx, loan);
        return desk.open_push(tx, payment_for(loan, request, outside.idempotency_key));
    });
    if (!opened.is_new) return {opened.payment.id, {}};
    return {opened.payment.id, desk.push(opened.payment)};
}

PushView record_push(Call& call, const PushRequest&, const PushFacts& facts) {
    const auto payment = facts.answer
                             ? services_of(call).desk.record_push(call.tx, facts.payment_id, *facts.answer)
                             : payments::payment_with(call.tx, facts.payment_id);
    PushView view{payment};
    if (!payment.is_open() && payment.status != payments::PaymentStatus::completed) {
        view.message = "M-Pesa did not take the request: " + payment.result_text.value_or("please try again");
    }
    return view;
}

struct TransactionQuery {
    std::optional<std::string> loan_id;
    std::optional<PaymentType> payment_type;
    std::optional<WirePaymentStatus> status;
    std::optional<Date> start_date;
    std::optional<Date> end_date;
    PageQuery page;

    void describe(Fields& f) {
        f("loan_id", loan_id).length(0, 60);
        f("payment_type", payment_type);
        f("status", status);
        f("start_date", start_date);
        f("end_date", end_date);
        f.include(page);
    }
};

struct TransactionView {
    LoanPaymentView payment;

    void describe(Fields& f) {
        f("loan_reference", payment.payment.account_reference);
        f.include(payment);
    }
};

struct SummaryView {
    std::int64_t total_payments = 0;
    Money total_amount{};
    std::int64_t successful_payments = 0;
    std::int64_t failed_payments = 0;

    void describe(Fields& f) {
        f("total_payments", total_payments);
        f("total_amount", total_amount).doc("Of those that are completed.");
        f("successful_payments", successful_payments);
        f("failed_payments", failed_payments);
    }
};

struct TransactionList {
    std::vector<TransactionView> transactions;
    SummaryView summary;
    Pagination pagination;

    void describe(Fields& f) {
        f("transactions", transactions);
        f("summary", summary);
        f("pagination", pagination);
    }
};

// Days are days where the tenant is.
payments::PaymentFilter filter_of(Call& call, const TransactionQuery& query) {
    payments::PaymentFilter filter{.user_id = call.actor().user_id, .purpose_id = query.loan_id};
    if (query.payment_type) filter.purposes = purposes_of(*query.payment_type);
    if (query.status) filter.statuses = statuses_of(*query.status);
    const auto tenant = identity::tenant_named(call.tx, call.tx.tenant());
    if (query.start_date) filter.from = start_of_day(*query.start_date, tenant->time_zone);
    if (query.end_date) filter.until = start_of_day(query.end_date->plus_days(1), tenant->time_zone);
    return filter;
}

TransactionList list_transactions(Call& call, const TransactionQuery& query) {
    const auto filter = filter_of(call, query);
    const auto page = payments::payments_matching(call.tx, filter, query.page.request());
    const auto totals = payments::summary_of(call.tx, filter);
    TransactionList list;
    for (const auto& payment : page.items) list.transactions.push_back({LoanPaymentView{payment}});
    list.summary = {totals.count, Money(totals.completed_minor, Currency("KES")), totals.completed,
                    totals.failed};
    list.pagination = pagination_of(page);
    return list;
}

struct MpesaTransactionView {
    std::optional<std::string> mpesa_receipt;
    std::optional<std::string> transaction_date;
    std::string phone_number;
    Money amount{};
    std::optional<std::string> result_code;
    std::optional<std::string> result_desc;

    void describe(Fields& f) {
        f("mpesa_receipt", mpesa_receipt);
        f("transaction_date", transaction_date);
        f("phone_number", phone_number);
        f("amount", amount);
        f("result_code", result_code);
        f("result_desc", result_desc);
    }
};

struct PaymentDetailView {
    LoanPaymentView payment;
    std::string method = "MPESA";
    std::optional<MpesaTransactionView> mpesa = {};

    void describe(Fields& f) {
        const auto& p = payment.payment;
        if (p.direction == payments::Direction::charge) method = "LEDGER";
        if (p.result_code)
            mpesa = {p.receipt, p.transaction_date, p.phone, p.amount, p.result_code, p.result_text};
        f("loan_id", payment.payment.purpose_id);
        f("loan_reference", payment.payment.account_reference);
        f.include(payment);
        f("payment_method", method);
        f("mpesa_transaction", mpesa);
    }
};

PaymentDetailView show_payment(Call& call) {
    return {LoanPaymentView{payments::payment_of(call.tx, call.actor().user_id, call.path<PaymentId>())}};
}

struct RefundRequest {
    void describe(Fields&) {}
};

PaymentDetailView refund_credit(Call& call, const RefundRequest&) {
    const std::string reference = "refund:" + call.actor().user_id.text() + ":" + std::string(call.trace_id);
    return {
        LoanPaymentView{lending::refund_credit(call.tx, call.actor().user_id, Currency("KES"), reference)}};
}

}  // namespace

void mount_payments(Api& api) {
    api.section("Payments");
    api.post("/payments/stk-push/", push_to_phone, record_push)
        .named("payment_push")
        .summary("Ask a phone to pay")
        .limited_by(limit_payments)
        .idempotent()
        .says("Payment initiated successfully");
    api.get("/payments/transactions/", list_transactions)
        .named("payment_list")
        .summary("List your payments")
        .limited_by(limit_payments);
    api.post("/payments/refund-credit/", refund_credit)
        .named("payment_refund_credit")
        .summary("Have what you paid too much sent back by M-Pesa")
        .limited_by(limit_payments)
        .idempotent()
        .created()
        .says("Refund initiated successfully")
        .addition();
    api.get("/payments/{payment_id}/", show_payment)
        .named("payment_show")
        .summary("Show one of your payments")
        .limited_by(limit_payments);
}

}  // namespace pamoja::faces::flexifinance
