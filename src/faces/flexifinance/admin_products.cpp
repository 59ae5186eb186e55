#include "audit/entries.hpp"
#include "faces/flexifinance/admin.hpp"
#include "faces/flexifinance/loan_views.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using lending::Product;

struct CriteriaRequest {
    std::optional<Money> min_income;
    std::optional<int> employment_duration;
    std::optional<int> credit_score_min;

    void describe(Fields& f) {
        f("min_income", min_income).at_least(0);
        f("employment_duration", employment_duration).between(0, 1200);
        f("credit_score_min", credit_score_min).between(0, 850);
    }
};

// What an officer may say of a product; what is left out keeps its value.
struct ProductChange {
    std::optional<std::string> name;
    std::optional<Money> min_amount;
    std::optional<Money> max_amount;
    std::optional<int> min_tenure;
    std::optional<int> max_tenure;
    std::optional<Rate> interest_rate;
    std::optional<Money> processing_fee;
    std::optional<Rate> penalty_rate;
    std::optional<CriteriaRequest> criteria;
    std::optional<lending::ScheduleStyle> style;
    std::optional<lending::InterestMethod> method;
    std::optional<lending::Amortisation> amortisation;
    std::optional<lending::InterestPeriod> interest_period;
    std::optional<lending::FrequencyUnit> frequency;
    std::optional<int> grace_on_principal;
    std::optional<int> grace_on_interest_payment;
    std::optional<Money> instalment_multiple;
    std::optional<int> due_day_of_month;
    std::optional<int> penalty_grace_days;
    std::optional<bool> kyc_required;
    std::optional<bool> disburses_automatically;
    std::optional<bool> is_active;

    void describe(Fields& f) {
        f("product_name", name).length(1, 120);
        f("min_amount", min_amount).at_least(1);
        f("max_amount", max_amount).at_least(1);
        f("min_tenure", min_tenure).between(1, 1200);
        f("max_tenure", max_tenure).between(1, 1200);
        f("interest_rate", interest_rate).between(0, 1'000'000'000).doc("Per cent a year.");
        f("processing_fee", processing_fee).at_least(0);
        f("penalty_rate", penalty_rate)
            .between(0, 100'000'000)
            .doc("Per cent of an overdue instalment, a started month.");
        f("eligibility_criteria", criteria);
        f("schedule_style", style);
        f("interest_method", method);
        f("amortisation", amortisation);
        f("interest_period", interest_period);
        f("repayment_frequency", frequency);
        f("grace_on_principal", grace_on_principal).between(0, 1200);
        f("grace_on_interest_payment", grace_on_interest_payment).between(0, 1200);
        f("instalment_multiple", instalment_multiple).at_least(1);
        f("due_day_of_month", due_day_of_month).between(1, 31);
        f("penalty_grace_days", penalty_grace_days).between(0, 365);
        f("kyc_required", kyc_required);
        f("disburses_automatically", disburses_automatically);
        f("is_active", is_active);
    }

    void apply_to(Product& product) const {
        const auto take = [](auto& target, const auto& wanted) {
            if (wanted) target = *wanted;
        };
        take(product.name, name);
        take(product.min_amount, min_amount);
        take(product.max_amount, max_amount);
        take(product.min_tenure, min_tenure);
        take(product.max_tenure, max_tenure);
        take(product.interest_rate, interest_rate);
        take(product.processing_fee, processing_fee);
        take(product.penalty_rate, penalty_rate);
        if (criteria) {
            take(product.min_income, criteria->min_income);
            take(product.employment_months_min, criteria->employment_duration);
            take(product.credit_score_min, criteria->credit_score_min);
        }
        take(product.style, style);
        take(product.method, method);
        take(product.amortisation, amortisation);
        take(product.interest_period, interest_period);
        take(product.frequency, frequency);
        take(product.grace_on_principal, grace_on_principal);
        take(product.grace_on_interest_payment, grace_on_interest_payment);
        if (instalment_multiple) product.instalment_multiple = instalment_multiple->minor();
        take(product.due_day_of_month, due_day_of_month);
        take(product.penalty_grace_days, penalty_grace_days);
        take(product.kyc_required, kyc_required);
        take(product.disburses_automatically, disburses_automatically);
        take(product.is_active, is_active);
    }
};

struct ProductRequest {
    std::string product_id;
    ProductChange change;

    void describe(Fields& f) {
        f("product_id", product_id).length(1, 60).doc("Lower case letters, digits and underscores.");
        f.include(change);
    }
    void check(Reading& reading) const {
        const auto require_given = [&](bool is_given, const char* field, const char* message) {
            if (!is_given) reading.errors.push_back({field, message, "required"});
        };
        require_given(change.name.has_value(), "product_name", "Product name is required");
        require_given(change.min_amount.has_value(), "min_amount", "Min amount is required");
        require_given(change.max_amount.has_value(), "max_amount", "Max amount is required");
        require_given(change.min_tenure.has_value(), "min_tenure", "Min tenure is required");
        require_given(change.max_tenure.has_value(), "max_tenure", "Max tenure is required");
        require_given(change.interest_rate.has_value(), "interest_rate", "Interest rate is required");
        const bool is_name = std::ranges::all_of(
            product_id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
        if (!is_name) {
            reading.errors.push_back({"product_id",
                                      "Product id must consist of lower case letters, digits and underscores",
                                      "invalid"});
        }
    }
};

struct FullProductView {
    ProductView product;
    std::optional<Money> multiple = {};

    void describe(Fields& f) {
        auto& p = product.product;
        if (p.instalment_multiple) multiple = Money(*p.instalment_multiple, p.currency);
        f.include(product);
        f("schedule_style", p.style);
        f("interest_method", p.method);
        f("amortisation", p.amortisation);
        f("interest_period", p.interest_period);
        f("repayment_frequency", p.frequency);
        f("grace_on_principal", p.grace_on_principal);
        f("grace_on_interest_payment", p.grace_on_interest_payment);
        f("instalment_multiple", multiple);
        f("due_day_of_month", p.due_day_of_month);
        f("penalty_grace_days", p.penalty_grace_days);
        f("kyc_required", p.kyc_required);
        f("disburses_automatically", p.disburses_automatically);
        f("created_at", p.created_at);
        f("updated_at", p.updated_at);
    }
};

void record_change(Call& call, const char* action, const Product& product) {
    audit::record(call.tx, {.actor = call.actor().user_id.text(),
                            .action = action,
                            .subject = "loan_product:" + product.id,
                            .details = json::parse(write_json(product, WireStyle::storage())),
                            .trace_id = std::string(call.trace_id),
                            .ip_address = std::string(call.remote_address)});
}

std::vector<FullProductView> list_products(Call& call) {
    std::vector<FullProductView> views;
    for (auto& product : lending::products(call.tx, false))
        views.push_back({ProductView{std::move(product)}});
    return views;
}

FullProductView create_product(Call& call, const ProductRequest& request) {
    Product product;
    product.id = request.product_id;
    product.currency = Currency("KES");
    request.change.apply_to(product);
    product = lending::create_product(call.tx, product);
    record_change(call, "loan_product.create", product);
    return {ProductView{product}};
}

FullProductView update_product(Call& call, const ProductChange& change) {
    Product product = lending::product_of(call.tx, call.path_values.at(0));
    change.apply_to(product);
    product = lending::replace_product(call.tx, product);
    record_change(call, "loan_product.update", product);
    return {ProductView{product}};
}

}  // namespace

void mount_admin_products(Api& api) {
    api.section("Admin: loan products");
    api.get("/admin/loan-products/", list_products)
        .named("admin_product_list")
        .summary("List all loan products, with their schedules' settings")
        .open_to(officers())
        .addition();
    api.post("/admin/loan-products/", create_product)
        .named("admin_product_create")
        .summary("Add a loan product")
        .open_to(officers())
        .idempotent()
        .created()
        .says("Loan product created")
        .addition();
    api.put("/admin/loan-products/{product_id}/", update_product)
        .named("admin_product_update")
        .summary("Change a loan product; loans that run keep their terms")
        .open_to(officers())
        .says("Loan product updated")
        .addition();
}

}  // namespace pamoja::faces::flexifinance
