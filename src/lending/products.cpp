#include "lending/products.hpp"

namespace pamoja::lending {
namespace {

void require_sound(const Product& product) {
    require_field(product.min_amount <= product.max_amount && product.min_amount.is_positive(), "min_amount",
                  "invalid", "The smallest amount must be above zero and not above the largest.");
    require_field(product.min_tenure <= product.max_tenure && product.min_tenure > 0, "min_tenure", "invalid",
                  "The shortest tenure must be above zero and not above the longest.");
    check(terms_of(product, product.max_amount, product.max_tenure, product.interest_rate, Date(2025, 1, 1)));
}

}  // namespace

void Product::describe(Fields& f) {
    f("id", id);
    f("name", name);
    f("currency", currency);
    f("min_amount", min_amount);
    f("max_amount", max_amount);
    f("min_tenure", min_tenure);
    f("max_tenure", max_tenure);
    f("interest_rate", interest_rate);
    f("processing_fee", processing_fee);
    f("penalty_rate", penalty_rate);
    f("min_income", min_income);
    f("employment_months_min", employment_months_min);
    f("credit_score_min", credit_score_min);
    f("style", style);
    f("method", method);
    f("amortisation", amortisation);
    f("interest_period", interest_period);
    f("frequency", frequency);
    f("grace_on_principal", grace_on_principal);
    f("grace_on_interest_payment", grace_on_interest_payment);
    f("instalment_multiple", instalment_multiple);
    f("due_day_of_month", due_day_of_month);
    f("penalty_grace_days", penalty_grace_days);
    f("kyc_required", kyc_required);
    f("disburses_automatically", disburses_automatically);
    f("is_active", is_active);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

ScheduleTerms terms_of(const Product& product, const Money& principal, int tenure, const Rate& rate,
                       Date disbursed_on) {
    return {.principal = principal,
            .annual_rate = rate,
            .method = product.method,
            .amortisation = product.amortisation,
            .interest_period = product.interest_period,
            .frequency = {product.frequency, 1},
            .instalments = tenure,
            .grace_on_principal = product.grace_on_principal,
            .grace_on_interest_payment = product.grace_on_interest_payment,
            .instalment_multiple = product.instalment_multiple,
            .style = product.style,
            .disbursed_on = disbursed_on,
            .due_day_of_month =
                product.frequency == FrequencyUnit::months ? product.due_day_of_month : std::nullopt};
}

Product product_of(Tx& tx, const std::string& id) {
    auto found = tx.maybe<Product>("FROM loan_products WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such loan product.");
    return std::move(*found);
}

std::vector<Product> products(Tx& tx, bool only_active) {
    return tx.all<Product>(
        "FROM loan_products WHERE tenant_id = :tenant AND (is_active = $1 OR is_active = $2) ORDER BY id "
        "LIMIT 200",
        true, only_active);
}

Product create_product(Tx& tx, Product product) {
    require_sound(product);
    product.created_at = tx.now();
    product.updated_at = tx.now();
    require(tx.insert_if_absent("loan_products", product), product_exists,
            "There is a loan product of this name already.");
    return product;
}

Product replace_product(Tx& tx, Product product) {
    require_sound(product);
    const Product old = product_of(tx, product.id);
    product.created_at = old.created_at;
    product.updated_at = tx.now();
    tx.run(
        "UPDATE loan_products SET name = $2, min_amount = $3, max_amount = $4, min_tenure = $5, max_tenure = "
        "$6, "
        "interest_rate = $7, processing_fee = $8, penalty_rate = $9, min_income = $10, employment_months_min "
        "= $11, "
        "credit_score_min = $12, style = $13, method = $14, amortisation = $15, interest_period = $16, "
        "frequency = $17, grace_on_principal = $18, grace_on_interest_payment = $19, instalment_multiple = "
        "$20, "
        "due_day_of_month = $21, penalty_grace_days = $22, kyc_required = $23, disburses_automatically = "
        "$24, "
        "is_active = $25, updated_at = $26 WHERE tenant_id = :tenant AND id = $1",
        product.id, product.name, product.min_amount, product.max_amount, product.min_tenure,
        product.max_tenure, product.interest_rate, product.processing_fee, product.penalty_rate,
        product.min_income, product.employment_months_min, product.credit_score_min, product.style,
        product.method, product.amortisation, product.interest_period, product.frequency,
        product.grace_on_principal, product.grace_on_interest_payment, product.instalment_multiple,
        product.due_day_of_month, product.penalty_grace_days, product.kyc_required,
        product.disburses_automatically, product.is_active, product.updated_at);
    return product;
}

}  // namespace pamoja::lending
