#include "audit/entries.hpp"
#include "faces/flexifinance/admin.hpp"
#include "faces/flexifinance/loan_views.hpp"
#include "identity/people.hpp"
#include "kyc/kyc.hpp"
#include "lending/disbursement.hpp"
#include "lending/repayment.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using lending::Loan;
using lending::LoanId;

struct BorrowerView {
    identity::Person person;

    void describe(Fields& f) {
        f("user_id", person.id);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("email", person.email);
        f("phone_number", person.phone);
    }
};

struct ApplicationView {
    Loan loan;
    BorrowerView user;
    kyc::Status kyc_status = kyc::Status::pending;

    void describe(Fields& f) {
        f("application_id", loan.id);
        f("loan_reference", loan.reference);
        f("user", user);
        f("requested_amount", loan.requested_amount);
        f("requested_tenure", loan.requested_tenure);
        f("product_name", loan.product_name);
        f("submitted_at", loan.submitted_at);
        f("kyc_status", kyc_status);
        f("risk_score", loan.risk_score).doc("From 300 (avoid) to 850 (lend).");
        f("risk_reasons", loan.risk_reasons).doc("What the score is made of; the points add up to it.");
        f("status", loan.status);
    }
};

struct ApplicationList {
    std::vector<ApplicationView> applications;
    Pagination pagination;

    void describe(Fields& f) {
        f("applications", applications);
        f("pagination", pagination);
    }
};

struct ApplicationDetailView {
    ApplicationView application;
    LoanDetailView detail;

    void describe(Fields& f) {
        f.include(application);
        f("purpose", application.loan.purpose);
        f("employment_info", application.loan.employment);
        f("admin_notes", application.loan.admin_notes);
        f("reviewed_at", application.loan.reviewed_at);
        f("decided_at", application.loan.decided_at);
        f("decided_by", application.loan.decided_by);
        f("loan", detail);
    }
};

struct ReviewRequest {
    std::string admin_notes;
    void describe(Fields& f) { f.optional("admin_notes", admin_notes).length(0, 2000); }
};

struct ApproveRequest {
    lending::Approval approval;

    void describe(Fields& f) {
        f.optional("approved_amount", approval.amount).at_least(1);
        f.optional("approved_tenure", approval.tenure).between(1, 1200);
        f.optional("interest_rate", approval.interest_rate).between(0, 1'000'000'000).doc("Per cent a year.");
        f.optional("admin_notes", approval.notes).length(0, 2000);
    }
};

struct ApprovalView {
    Loan loan;
    Money total{};
    Money monthly{};

    void describe(Fields& f) {
        total = loan.total();
        monthly = lending::monthly_payment(loan);
        f("application_id", loan.id);
        f("loan_id", loan.id);
        f("loan_reference", loan.reference);
        f("status", loan.status);
        f("approved_amount", loan.principal);
        f("approved_tenure", loan.tenure);
        f("interest_rate", loan.interest_rate);
        f("total_amount", total);
        f("monthly_payment", monthly);
        f("approved_at", loan.decided_at);
        f("approved_by", loan.decided_by);
    }
};

struct RejectRequest {
    std::string rejection_reason;
    std::string admin_notes;

    void describe(Fields& f) {
        f("rejection_reason", rejection_reason).length(1, 500);
        f.optional("admin_notes", admin_notes).length(0, 2000);
    }
};

struct RejectionView {
    Loan loan;

    void describe(Fields& f) {
        f("application_id", loan.id);
        f("loan_reference", loan.reference);
        f("status", loan.status);
        f("rejection_reason", loan.rejection_reason);
        f("rejected_at", loan.decided_at);
        f("rejected_by", loan.decided_by);
    }
};

struct LoanStateView {
    Loan loan;

    void describe(Fields& f) {
        f("application_id", loan.id);
        f("loan_id", loan.id);
        f("loan_reference", loan.reference);
        f("status", loan.status);
        f("payout_id", loan.payout_id);
    }
};

struct PendingQuery {
    PageQuery page;
    void describe(Fields& f) { f.include(page); }
};

struct WriteOffRequest {
    std::string admin_notes;
    void describe(Fields& f) { f("admin_notes", admin_notes).length(1, 2000); }
};

ApplicationView application_of(Tx& tx, const Loan& loan) {
    return {loan, {identity::person_of(tx, loan.user_id)}, kyc::file_of(tx, loan.user_id).status};
}

ApplicationList list_pending(Call& call, const PendingQuery& query) {
    const auto page = lending::applications_to_decide(call.tx, query.page.request());
    ApplicationList list{{}, pagination_of(page)};
    for (const Loan& loan : page.items) list.applications.push_back(application_of(call.tx, loan));
    return list;
}

ApplicationDetailView show_application(Call& call) {
    const Loan loan = lending::loan_with(call.tx, call.path<LoanId>());
    return {application_of(call.tx, loan), detail_of(call.tx, loan)};
}

LoanStateView review(Call& call, const ReviewRequest& request) {
    const Loan loan =
        lending::start_review(call.tx, call.path<LoanId>(), call.actor().user_id, request.admin_notes);
    record_decision(call, "loan.review", loan);
    return {loan};
}

ApprovalView approve(Call& call, const ApproveRequest& request) {
    const Loan loan = lending::approve(call.tx, call.path<LoanId>(), request.approval, call.actor().user_id);
    record_decision(call, "loan.approve", loan);
    return {loan};
}

RejectionView reject(Call& call, const RejectRequest& request) {
    const Loan loan = lending::reject(call.tx, call.path<LoanId>(), request.rejection_reason,
                                      request.admin_notes, call.actor().user_id);
    record_decision(call, "loan.reject", loan);
    return {loan};
}

LoanStateView disburse(Call& call) {
    const Loan loan = lending::start_payout(call.tx, call.path<LoanId>());
    record_decision(call, "loan.disburse", loan);
    return {loan};
}

LoanStateView write_off(Call& call, const WriteOffRequest& request) {
    const Loan loan =
        lending::write_off(call.tx, call.path<LoanId>(), call.actor().user_id, request.admin_notes);
    record_decision(call, "loan.write_off", loan);
    return {loan};
}

}  // namespace

void record_decision(Call& call, const char* action, const Loan& loan) {
    audit::record(call.tx, {.actor = call.actor().user_id.text(),
                            .action = action,
                            .subject = "loan:" + loan.id.text(),
                            .details = lending::loan_facts(loan),
                            .trace_id = std::string(call.trace_id),
                            .ip_address = std::string(call.remote_address)});
}

void mount_admin_loans(Api& api) {
    api.section("Admin: loans");
    api.get("/admin/loans/pending/", list_pending)
        .named("admin_loan_pending")
        .summary("List the applications that wait for a decision, with their risk scores")
        .open_to(officers());
    api.get("/admin/loans/{application_id}/", show_application)
        .named("admin_loan_show")
        .summary("Show an application or loan")
        .open_to(officers())
        .addition();
    api.put("/admin/loans/{application_id}/review/", review)
        .named("admin_loan_review")
        .summary("Take an application under review")
        .open_to(officers())
        .says("Loan application is under review")
        .addition();
    api.put("/admin/loans/{application_id}/approve/", approve)
        .named("admin_loan_approve")
        .summary("Approve an application; pays it out where the product says so")
        .open_to(officers())
        .says("Loan application approved successfully");
    api.put("/admin/loans/{application_id}/reject/", reject)
        .named("admin_loan_reject")
        .summary("Reject an application")
        .open_to(officers())
        .says("Loan application rejected");
    api.post("/admin/loans/{loan_id}/disburse/", disburse)
        .named("admin_loan_disburse")
        .summary("Send an approved loan to the borrower's phone")
        .open_to(officers())
        .idempotent()
        .says("Disbursement initiated successfully")
        .addition();
    api.post("/admin/loans/{loan_id}/write-off/", write_off)
        .named("admin_loan_write_off")
        .summary("Take a loan off the book as a loss")
        .open_to(officers())
        .idempotent()
        .says("Loan written off")
        .addition();
}

}  // namespace pamoja::faces::flexifinance
