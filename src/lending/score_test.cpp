#include "lending/score.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"

namespace pamoja::lending {
namespace {

Money kes(std::int64_t minor) {
    return Money(minor, Currency());
}

// The documented application: 10,000 over three months by a business owner of two years who earns 50,000.
ScoreFacts documented_borrower() {
    return {.requested = kes(10'000'00),
            .instalment = kes(3458'00),
            .monthly_income = kes(50'000'00),
            .employment_months = 24};
}

std::vector<std::string> codes_of(const Score& score) {
    std::vector<std::string> codes;
    for (const auto& reason : score.reasons) codes.push_back(reason.code);
    return codes;
}

bool has_reason(const ScoreFacts& facts, const std::string& code) {
    return std::ranges::count(codes_of(score_of(facts)), code) == 1;
}

TEST(Score, ExplainsTheDocumentedBorrower) {
    const auto score = score_of(documented_borrower());
    EXPECT_EQ(score.score, 655);
    EXPECT_EQ(codes_of(score), (std::vector<std::string>{"debt_service_low", "request_small",
                                                         "employment_steady", "first_loan", "kyc_none"}));
}

TEST(Score, ReachesBothEndsOfItsRange) {
    auto best = documented_borrower();
    best.employment_months = 60;
    best.loans_completed = 4;
    best.kyc = KycStanding::verified;
    EXPECT_EQ(score_of(best).score, score_max);

    const ScoreFacts worst{.requested = kes(700'00),
                           .instalment = kes(51'00),
                           .monthly_income = kes(100'00),
                           .employment_months = 0,
                           .loans_running = 1,
                           .instalments_late = 6,
                           .days_past_due = 31,
                           .kyc = KycStanding::rejected};
    EXPECT_EQ(score_of(worst).score, score_min);
}

TEST(Score, ChangesBandAtItsLimits) {
    const struct {
        std::int64_t instalment;
        const char* code;
    } cases[] = {{10'000'00, "debt_service_low"},      {10'000'01, "debt_service_fair"},
                 {15'000'00, "debt_service_fair"},     {15'000'01, "debt_service_tight"},
                 {20'000'01, "debt_service_high"},     {25'000'00, "debt_service_high"},
                 {25'000'01, "debt_service_excessive"}};
    for (const auto& test : cases) {
        auto facts = documented_borrower();
        facts.instalment = kes(test.instalment);
        EXPECT_TRUE(has_reason(facts, test.code)) << test.code;
        facts.instalment = kes(0);
        facts.other_monthly_debt = kes(test.instalment);  // other loans weigh the same
        EXPECT_TRUE(has_reason(facts, test.code)) << test.code;
    }
}

TEST(Score, HidingTheIncomeNeverHelps) {
    auto facts = documented_borrower();
    facts.instalment = kes(60'000'00);
    facts.requested = kes(900'000'00);
    const int stated = score_of(facts).score;
    facts.monthly_income = std::nullopt;
    EXPECT_LE(score_of(facts).score, stated);
    EXPECT_TRUE(has_reason(facts, "income_unknown"));
    facts.monthly_income = kes(0);
    EXPECT_TRUE(has_reason(facts, "income_unknown"));
}

TEST(Score, CountsTheHistoryOfRepayment) {
    auto facts = documented_borrower();
    const int first = score_of(facts).score;
    facts.loans_completed = 1;
    const int punctual = score_of(facts).score;
    facts.instalments_late = 1;
    const int seldom_late = score_of(facts).score;
    facts.instalments_late = 6;
    const int often_late = score_of(facts).score;
    facts.days_past_due = 1;
    const int overdue = score_of(facts).score;
    EXPECT_GT(punctual, first);
    EXPECT_GT(punctual, seldom_late);
    EXPECT_GT(seldom_late, often_late);
    EXPECT_GT(often_late, overdue);
}

TEST(Score, IsTheSumOfItsReasonsAndStaysInRange) {
    const std::uint64_t seed = SystemRandom().next();
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t bound) { return static_cast<int>(random.below(bound)); };
    for (int round = 0; round < 3000; ++round) {
        ScoreFacts facts{.requested = kes(1 + below(2'000'000'000)),
                         .instalment = kes(1 + below(50'000'000))};
        if (below(4) != 0) facts.monthly_income = kes(below(20'000'000));
        if (below(4) != 0) facts.employment_months = below(100);
        facts.loans_completed = below(6);
        facts.loans_running = below(2);
        facts.instalments_late = below(9);
        facts.days_past_due = below(50);
        facts.kyc = static_cast<KycStanding>(below(4));
        const auto score = score_of(facts);
        int sum = score_base;
        for (const auto& reason : score.reasons) sum += reason.points;
        ASSERT_EQ(score.score, sum);
        ASSERT_GE(score.score, score_min);
        ASSERT_LE(score.score, score_max);
        ASSERT_EQ(score_of(facts), score);
    }
}

}  // namespace
}  // namespace pamoja::lending
