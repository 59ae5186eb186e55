#include "faces/flexifinance/admin.hpp"
#include "faces/flexifinance/views.hpp"
#include "ledger/statements.hpp"
#include "lending/portfolio.hpp"
#include "lending/repayment.hpp"

namespace pamoja::faces::flexifinance {
namespace {

struct PortfolioAtRiskView {
    Money par_1{}, par_30{}, par_60{}, par_90{};

    void describe(Fields& f) {
        f("par_1", par_1);
        f("par_30", par_30);
        f("par_60", par_60);
        f("par_90", par_90);
    }
};

struct LateLoanView {
    lending::LateLoan late;

    void describe(Fields& f) {
        f("loan_id", late.loan_id);
        f("oldest_due_date", late.oldest_due_on);
        f("outstanding_principal", late.outstanding_principal);
    }
};

struct PortfolioView {
    lending::Portfolio book;
    PortfolioAtRiskView at_risk{};
    std::vector<LateLoanView> late{};
    Pagination pagination{};

    void describe(Fields& f) {
        at_risk = {book.par_1, book.par_30, book.par_60, book.par_90};
        f("active_loans", book.loans_active);
        f("late_loans_count", book.loans_late);
        f("applications_waiting", book.applications_waiting);
        f("outstanding_principal", book.outstanding_principal);
        f("portfolio_at_risk", at_risk)
            .doc("Outstanding principal of loans late by more than 0, 30, 60 and 90 days.");
        f("disbursed_total", book.disbursed_total);
        f("collected_total", book.collected_total);
        f("written_off_total", book.written_off_total);
        f("late_loans", late);
        f("pagination", pagination);
    }
};

struct PortfolioQuery {
    PageQuery page;
    void describe(Fields& f) { f.include(page); }
};

PortfolioView show_portfolio(Call& call, const PortfolioQuery& query) {
    const auto late = lending::late_loans(call.tx, query.page.request());
    return {lending::portfolio(call.tx, Currency("KES")),
            {},
            views_of<LateLoanView>(late.items),
            pagination_of(late)};
}

struct SuspenseView {
    payments::SuspenseItem item;

    void describe(Fields& f) {
        f("suspense_id", item.id);
        f("mpesa_reference", item.receipt);
        f("amount", item.amount);
        f("phone_number", item.phone);
        f("bill_reference", item.bill_reference);
        f("reason", item.reason);
        f("received_at", item.received_at);
        f("resolved_at", item.resolved_at);
        f("resolved_by", item.resolved_by);
        f("payment_id", item.resolved_payment_id);
    }
};

struct SuspenseQuery {
    bool is_resolved = false;
    PageQuery page;

    void describe(Fields& f) {
        f.optional("is_resolved", is_resolved);
        f.include(page);
    }
};

struct SuspenseList {
    std::vector<SuspenseView> items;
    Pagination pagination;

    void describe(Fields& f) {
        f("items", items);
        f("pagination", pagination);
    }
};

SuspenseList list_suspense(Call& call, const SuspenseQuery& query) {
    const auto page = payments::suspense_items(call.tx, query.is_resolved, query.page.request());
    return {views_of<SuspenseView>(page.items), pagination_of(page)};
}

struct AssignRequest {
    lending::LoanId loan_id;
    void describe(Fields& f) { f("loan_id", loan_id).length(1, 60); }
};

struct AssignedView {
    payments::Payment payment;

    void describe(Fields& f) {
        f("payment_id", payment.id);
        f("loan_id", payment.purpose_id);
        f("amount", payment.amount);
        f("mpesa_reference", payment.receipt);
    }
};

AssignedView assign_suspense(Call& call, const AssignRequest& request) {
    const payments::SuspenseId id = call.path<payments::SuspenseId>();
    const auto item = payments::suspense_item(call.tx, id);
    const auto loan = lending::loan_with(call.tx, request.loan_id);
    const auto payment = services_of(call).desk.resolve(call.tx, id,
                                                        {.purpose = lending::repayment_purpose,
                                                         .purpose_id = loan.id.text(),
                                                         .user_id = loan.user_id,
                                                         .amount = item.amount,
                                                         .phone = item.phone,
                                                         .reference = "suspense:" + item.id.text(),
                                                         .account_reference = loan.reference,
                                                         .description = "Assigned from suspense"},
                                                        call.actor().user_id);
    record_decision(call, "suspense.assign", loan);
    return {payment};
}

struct StatementQuery {
    std::string account = "mpesa_float";
    std::optional<Date> start_date;
    std::optional<Date> end_date;
    PageQuery page;

    void describe(Fields& f) {
        f.optional("account", account).one_of(accounts);
        f("start_date", start_date);
        f("end_date", end_date);
        f.include(page);
    }
    static constexpr std::array<const char*, 9> accounts{
        "mpesa_float",     "loan_book", "interest_income",   "fee_income", "penalty_income",
        "recovery_income", "suspense",  "write_off_expense", "bank"};
};

struct StatementLineView {
    ledger::StatementLine line;

    void describe(Fields& f) {
        f("transaction_id", line.transaction_id);
        f("reference", line.reference);
        f("memo", line.memo);
        f("effective_at", line.effective_at);
        f("amount", line.amount);
        f("balance_after", line.balance_after);
    }
};

struct StatementView {
    std::string account;
    Money opening{};
    Money closing{};
    std::vector<StatementLineView> lines{};
    Pagination pagination{};

    void describe(Fields& f) {
        f("account", account);
        f("opening_balance", opening);
        f("closing_balance", closing);
        f("lines", lines);
        f("pagination", pagination);
    }
};

// Positive is a credit: what we hold (float, loan book) is below zero, as in the ledger itself.
StatementView show_statement(Call& call, const StatementQuery& query) {
    const auto account = ledger::find_account(call.tx, "house:" + query.account + ":KES");
    if (!account) return {query.account};
    const auto day = [](const std::optional<Date>& date, int plus, Timestamp otherwise) {
        return date ? start_of_day(date->plus_days(plus), "Africa/Nairobi") : otherwise;
    };
    const ledger::StatementPeriod period{day(query.start_date, 0, Timestamp()),
                                         day(query.end_date, 1, call.tx.now().plus(std::chrono::hours(24)))};
    const auto found = ledger::statement(call.tx, *account, period, query.page.request());
    return {query.account, found.opening, found.closing, views_of<StatementLineView>(found.lines.items),
            pagination_of(found.lines)};
}

}  // namespace

void mount_admin_books(Api& api) {
    api.section("Admin: books");
    api.get("/admin/portfolio/", show_portfolio)
        .named("admin_portfolio_show")
        .summary("The loan book, its arrears ageing, and the loans that are late")
        .open_to(officers())
        .addition();
    api.get("/admin/ledger/statement/", show_statement)
        .named("admin_ledger_statement")
        .summary("The statement of one of the house's accounts")
        .open_to(officers())
        .addition();
    api.get("/admin/suspense/", list_suspense)
        .named("admin_suspense_list")
        .summary("List money that arrived and that nothing explains")
        .open_to(officers())
        .addition();
    api.put("/admin/suspense/{suspense_id}/assign/", assign_suspense)
        .named("admin_suspense_assign")
        .summary("Say which loan money in suspense is for")
        .open_to(officers())
        .says("Payment assigned")
        .addition();
}

}  // namespace pamoja::faces::flexifinance
