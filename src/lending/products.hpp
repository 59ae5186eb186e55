#pragma once
#include <string>

#include "db/tx.hpp"
#include "lending/schedule.hpp"

namespace pamoja::lending {

inline constexpr Reason product_exists{FailureKind::conflict, "product_exists"};

// What may be asked for, at what price. Loans keep the terms that they were approved with.
struct Product {
    std::string id;  // "quick_cash"
    std::string name;
    Currency currency;
    Money min_amount{};
    Money max_amount{};
    int min_tenure = 1;  // instalments
    int max_tenure = 12;
    Rate interest_rate{};  // a year
    Money processing_fee{};
    Rate penalty_rate{};  // of an overdue instalment, a started month
    Money min_income{};
    int employment_months_min = 0;
    int credit_score_min = 0;
    ScheduleStyle style = ScheduleStyle::flexi_flat;
    InterestMethod method = InterestMethod::flat;
    Amortisation amortisation = Amortisation::equal_instalments;
    InterestPeriod interest_period = InterestPeriod::same_as_repayment;
    FrequencyUnit frequency = FrequencyUnit::months;
    int grace_on_principal = 0;
    int grace_on_interest_payment = 0;
    std::optional<std::int64_t> instalment_multiple = {};  // minor units
    std::optional<int> due_day_of_month = 15;
    int penalty_grace_days = 0;
    bool kyc_required = false;
    bool disburses_automatically = true;
    bool is_active = true;
    Timestamp created_at{};
    Timestamp updated_at{};

    void describe(Fields&);
};

// The schedule's terms of a loan of this product.
ScheduleTerms terms_of(const Product&, const Money& principal, int tenure, const Rate&, Date disbursed_on);

Product product_of(Tx&, const std::string& id);        // throws not_found
std::vector<Product> products(Tx&, bool only_active);  // at most 200, in order of their ids
// Throws product_exists; validation_failed when bounds contradict each other or the terms make no schedule.
Product create_product(Tx&, Product);
Product replace_product(Tx&, Product);  // throws not_found

}  // namespace pamoja::lending
