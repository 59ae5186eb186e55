#include "lending/arrears.hpp"

#include <gtest/gtest.h>

namespace pamoja::lending {
namespace {

Money kes(std::int64_t minor) {
    return Money(minor, Currency());
}

// 3458.00 on 15 January and on 15 February 2026.
std::vector<InstalmentDues> two_instalments() {
    std::vector<InstalmentDues> dues;
    for (int number = 1; number <= 2; ++number)
        dues.push_back({.number = number,
                        .due_on = Date(2026, static_cast<unsigned>(number), 15),
                        .interest = {kes(125'00)},
                        .principal = {kes(3333'00)}});
    return dues;
}

constexpr PenaltyTerms two_percent{.monthly_rate = Rate::percent(2)};

TEST(Arrears, CountFromTheOldestUnpaidInstalment) {
    const struct {
        Date today;
        int days, instalments;
        std::int64_t overdue;
    } cases[] = {
        {Date(2026, 1, 15), 0, 0, 0},  // due today is not late
        {Date(2026, 1, 16), 1, 1, 3458'00},
        {Date(2026, 2, 15), 31, 1, 3458'00},
        {Date(2026, 2, 16), 32, 2, 6916'00},
    };
    for (const auto& test : cases) {
        const auto arrears = arrears_of(two_instalments(), test.today);
        EXPECT_EQ(arrears.days_past_due, test.days) << test.today.text();
        EXPECT_EQ(arrears.instalments_overdue, test.instalments) << test.today.text();
        EXPECT_EQ(arrears.overdue(), kes(test.overdue)) << test.today.text();
        EXPECT_EQ(arrears.outstanding_principal, kes(6666'00)) << test.today.text();
    }
}

TEST(Arrears, EndWhenTheScheduledAmountIsPaid) {
    auto dues = two_instalments();
    dues[0].penalty.due = kes(69'16);
    dues[0].interest.paid = kes(125'00);
    dues[0].principal.paid = kes(3332'99);
    EXPECT_EQ(arrears_of(dues, Date(2026, 2, 1)).overdue(), kes(1));
    dues[0].principal.paid = kes(3333'00);
    EXPECT_EQ(arrears_of(dues, Date(2026, 2, 1)).days_past_due,
              0);  // a penalty alone keeps nobody in arrears
    EXPECT_EQ(arrears_of({}, Date(2026, 2, 1)), Arrears());
}

TEST(Ageing, ChangesBucketAtItsLimits) {
    const struct {
        int days;
        AgeingBucket bucket;
    } cases[] = {{0, AgeingBucket::current},        {1, AgeingBucket::days_1_to_30},
                 {30, AgeingBucket::days_1_to_30},  {31, AgeingBucket::days_31_to_60},
                 {60, AgeingBucket::days_31_to_60}, {61, AgeingBucket::days_61_to_90},
                 {90, AgeingBucket::days_61_to_90}, {91, AgeingBucket::over_90_days}};
    for (const auto& test : cases) EXPECT_EQ(ageing_bucket_of(test.days), test.bucket) << test.days;
}

TEST(PortfolioAtRisk, CountsTheWholeBalanceOfALateLoan) {
    std::vector<Arrears> loans;
    const std::pair<int, std::int64_t> late[]{{0, 1},     {1, 10},      {30, 100},
                                              {31, 1000}, {61, 10'000}, {91, 100'000}};
    for (const auto& [days, principal] : late)
        loans.push_back({.days_past_due = days, .outstanding_principal = kes(principal)});
    EXPECT_EQ(portfolio_at_risk(loans),
              (PortfolioAtRisk{kes(111'111), kes(111'110), kes(111'000), kes(110'000), kes(100'000)}));
    EXPECT_EQ(portfolio_at_risk({}), PortfolioAtRisk());
}

TEST(Penalties, AreChargedForEveryMonthThatHasStarted) {
    const struct {
        Date today;
        std::vector<PenaltyMonth> months;
    } cases[] = {
        {Date(2026, 1, 15), {}},
        {Date(2026, 1, 16), {{1, 1}}},
        {Date(2026, 2, 15), {{1, 1}}},
        {Date(2026, 2, 16), {{1, 1}, {1, 2}, {2, 1}}},
        {Date(2026, 3, 16), {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}}},
    };
    for (const auto& test : cases) {
        std::vector<PenaltyMonth> months;
        for (const auto& penalty : penalties_to_charge(two_instalments(), two_percent, test.today, {})) {
            months.push_back(penalty.of);
            EXPECT_EQ(penalty.amount, kes(69'16));  // 2 % of 3458.00
        }
        EXPECT_EQ(months, test.months) << test.today.text();
    }
}

TEST(Penalties, AreChargedOnceHoweverOftenOneAsks) {
    std::set<PenaltyMonth> charged;
    Money total = kes(0);
    for (Date day(2026, 1, 10); day < Date(2026, 4, 1); day = day.plus_days(1)) {
        for (int again = 0; again < 2; ++again) {
            for (const auto& penalty : penalties_to_charge(two_instalments(), two_percent, day, charged)) {
                EXPECT_TRUE(charged.insert(penalty.of).second);
                total += penalty.amount;
            }
        }
    }
    EXPECT_EQ(charged.size(), 5u);
    EXPECT_EQ(total, kes(5 * 69'16));
    std::set<PenaltyMonth> caught_up;
    for (const auto& penalty : penalties_to_charge(two_instalments(), two_percent, Date(2026, 3, 31), {}))
        caught_up.insert(penalty.of);
    EXPECT_EQ(caught_up, charged);
}

TEST(Penalties, AreOnWhatIsUnpaidAndEndWithIt) {
    auto dues = two_instalments();
    dues[0].principal.paid = kes(3333'00);
    EXPECT_EQ(penalties_to_charge(dues, two_percent, Date(2026, 1, 20), {}),
              (std::vector<Penalty>{{{1, 1}, kes(2'50)}}));
    dues[0].interest.paid = kes(125'00);
    EXPECT_TRUE(penalties_to_charge(dues, two_percent, Date(2026, 1, 20), {}).empty());
    EXPECT_TRUE(penalties_to_charge(two_instalments(), PenaltyTerms{}, Date(2026, 1, 20), {}).empty());
}

TEST(Penalties, WaitForTheGraceDays) {
    const PenaltyTerms patient{.monthly_rate = Rate::percent(2), .grace_days = 5};
    EXPECT_TRUE(penalties_to_charge(two_instalments(), patient, Date(2026, 1, 20), {}).empty());
    EXPECT_EQ(penalties_to_charge(two_instalments(), patient, Date(2026, 1, 21), {}).size(), 1u);
}

}  // namespace
}  // namespace pamoja::lending
