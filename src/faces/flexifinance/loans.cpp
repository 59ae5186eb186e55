#include "faces/flexifinance/loan_views.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "lending/repayment.hpp"

namespace pamoja::faces::flexifinance {
namespace {

// Wraps the domain's request: FlexiFinance, POST /loans/apply/.
struct ApplyRequest {
    lending::LoanRequest loan;

    void describe(Fields& f) {
        f("product_id", loan.product_id).length(1, 60);
        f("requested_amount", loan.requested_amount).at_least(1).doc("In shillings.");
        f("requested_tenure", loan.requested_tenure).between(1, 1200).doc("Months.");
        f.optional("purpose", loan.purpose).length(0, 500);
        f("employment_info", loan.employment_info);
    }
};

struct ApplyView {
    lending::Loan loan;

    void describe(Fields& f) {
        monthly = lending::monthly_payment(loan);
        total = loan.total();
        f("application_id", loan.id);
        f("loan_id", loan.id).doc("The same id: an application becomes the loan.");
        f("loan_reference", loan.reference);
        f("status", loan.status);
        f("requested_amount", loan.requested_amount);
        f("requested_tenure", loan.requested_tenure);
        f("estimated_interest", loan.total_interest);
        f("total_amount", total);
        f("monthly_payment", monthly);
        f("submitted_at", loan.submitted_at);
        f("processing_time", processing_time);
    }

    Money monthly{};
    Money total{};
    std::string processing_time = "24-48 hours";
};

struct LoanQuery {
    std::optional<std::string> status;
    PageQuery page;

    void describe(Fields& f) {
        f("status", status).one_of(choices);
        f.include(page);
    }

    // DISBURSED is what the webhook document calls ACTIVE. RULES 2.8.
    static constexpr std::array<const char*, 9> choices{"DRAFT",     "SUBMITTED", "UNDER_REVIEW",
                                                        "APPROVED",  "REJECTED",  "ACTIVE",
                                                        "COMPLETED", "DISBURSED", "WRITTEN_OFF"};
};

struct LoanList {
    std::vector<LoanSummaryView> loans;
    Pagination pagination;

    void describe(Fields& f) {
        f("loans", loans);
        f("pagination", pagination);
    }
};

struct LoanPaymentsQuery {
    PageQuery page;
    void describe(Fields& f) { f.include(page); }
};

struct LoanPaymentsView {
    std::vector<LoanPaymentView> payments;
    Pagination pagination;

    void describe(Fields& f) {
        f("payments", payments);
        f("pagination", pagination);
    }
};

struct PayoffView {
    lending::LoanId loan_id;
    lending::Payoff payoff;
    Money total{};

    void describe(Fields& f) {
        total = payoff.total();
        f("loan_id", loan_id);
        f("principal", payoff.principal);
        f("interest", payoff.interest);
        f("penalties", payoff.penalties);
        f("fees", payoff.fees);
        f("credit", payoff.credit).doc("Paid too much before; it counts against the rest.");
        f("payoff_amount", total);
    }
};

std::vector<ProductView> list_products(Call& call) {
    return views_of<ProductView>(lending::products(call.tx, true));
}

ApplyView apply_for_loan(Call& call, const ApplyRequest& request) {
    return {lending::apply(call.tx, call.actor().user_id, request.loan)};
}

std::vector<lending::LoanStatus> statuses_of(const std::optional<std::string>& status) {
    if (!status) return {};
    if (*status == "DISBURSED") return {lending::LoanStatus::active};
    std::string name = *status;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c == '_' ? c : static_cast<char>(c - 'A' + 'a'); });
    return {*value_named<lending::LoanStatus>(name)};
}

LoanList list_loans(Call& call, const LoanQuery& query) {
    const auto page = lending::loans_matching(
        call.tx, {.borrower = call.actor().user_id, .statuses = statuses_of(query.status)},
        query.page.request());
    LoanList list{{}, pagination_of(page)};
    for (const auto& loan : page.items) list.loans.push_back(summary_of(call.tx, loan));
    return list;
}

LoanDetailView show_loan(Call& call) {
    return detail_of(call.tx, lending::loan_of(call.tx, call.actor().user_id, call.path<lending::LoanId>()));
}

LoanPaymentsView list_loan_payments(Call& call, const LoanPaymentsQuery& query) {
    const auto loan = lending::loan_of(call.tx, call.actor().user_id, call.path<lending::LoanId>());
    const auto page = payments::payments_matching(
        call.tx, {.user_id = call.actor().user_id, .purpose_id = loan.id.text()}, query.page.request());
    return {views_of<LoanPaymentView>(page.items), pagination_of(page)};
}

PayoffView show_payoff(Call& call) {
    const auto loan = lending::loan_of(call.tx, call.actor().user_id, call.path<lending::LoanId>());
    return {loan.id, lending::payoff_of(call.tx, loan)};
}

}  // namespace

void mount_loans(Api& api) {
    api.section("Loans");
    api.get("/loans/products/", list_products)
        .named("loan_product_list")
        .summary("List the loan products on offer");
    api.post("/loans/apply/", apply_for_loan)
        .named("loan_apply")
        .summary("Apply for a loan")
        .idempotent()
        .created()
        .says("Loan application submitted successfully");
    api.get("/loans/", list_loans).named("loan_list").summary("List your applications and loans");
    api.get("/loans/{loan_id}/", show_loan)
        .named("loan_show")
        .summary("Show one of your loans with its schedule");
    api.get("/loans/{loan_id}/payments/", list_loan_payments)
        .named("loan_payment_list")
        .summary("List a loan's payments");
    api.get("/loans/{loan_id}/payoff/", show_payoff)
        .named("loan_payoff")
        .summary("What it takes to be done with a loan today")
        .addition();
}

}  // namespace pamoja::faces::flexifinance
