#include "lending/allocation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.hpp"

namespace pamoja::lending {
namespace {

Money kes(std::int64_t minor) {
    return Money(minor, Currency());
}

const Date today(2026, 2, 15);

// Three instalments: past due, due today and due later; each owes penalty 1, fee 2, interest 10 and principal
// 100.
std::vector<InstalmentDues> three_instalments() {
    std::vector<InstalmentDues> dues;
    for (int number = 1; number <= 3; ++number)
        dues.push_back({.number = number,
                        .due_on = today.plus_months(number - 2),
                        .penalty = {kes(1)},
                        .fee = {kes(2)},
                        .interest = {kes(10)},
                        .principal = {kes(100)}});
    return dues;
}

std::string text_of(const Allocation& allocation) {
    std::string text;
    for (const auto& made : allocation.applications)
        text += std::to_string(made.instalment) +
                names(made.bucket)[static_cast<std::size_t>(made.bucket)][1] +
                std::to_string(made.amount.minor()) + " ";
    return text + "rest " + std::to_string(allocation.surplus.minor());
}

constexpr std::array<Bucket, 4> principal_first{Bucket::principal, Bucket::interest, Bucket::fee,
                                                Bucket::penalty};

// In the expected texts e is penalty and fee (told apart by their amounts 1 and 2), n interest and r
// principal.
TEST(Allocate, FollowsTheOrderOfTheProduct) {
    const AllocationRule past_due_only{.steps = {{Timing::past_due, Bucket::interest}}};
    const AllocationRule principal_in_advance{.steps = {{Timing::past_due, Bucket::interest},
                                                        {Timing::past_due, Bucket::principal},
                                                        {Timing::in_advance, Bucket::principal},
                                                        {Timing::due, Bucket::principal}}};
    const struct {
        const char* name;
        AllocationRule rule;
        std::int64_t amount;
        const char* expected;
    } cases[] = {
        {"penalty first", usual_rule(), 1, "1e1 rest 0"},
        {"part of the fee", usual_rule(), 2, "1e1 1e1 rest 0"},
        {"then interest", usual_rule(), 8, "1e1 1e2 1n5 rest 0"},
        {"one whole instalment", usual_rule(), 113, "1e1 1e2 1n10 1r100 rest 0"},
        {"into the next", usual_rule(), 120, "1e1 1e2 1n10 1r100 2e1 2e2 2n4 rest 0"},
        {"more than is owed", usual_rule(), 400,
         "1e1 1e2 1n10 1r100 2e1 2e2 2n10 2r100 3e1 3e2 3n10 3r100 rest 61"},
        {"principal first", rule_of(principal_first), 105, "1r100 1n5 rest 0"},
        {"bucket by bucket within a timing", rule_of(all_buckets, Sweep::vertical), 120,
         "1e1 1e2 1n10 1r100 2e1 2e2 2n4 rest 0"},
        {"what no step names stays", past_due_only, 50, "1n10 rest 40"},
        {"twelve buckets in any order", principal_in_advance, 215, "1n10 1r100 3r100 2r5 rest 0"},
    };
    for (const auto& test : cases)
        EXPECT_EQ(text_of(allocate(three_instalments(), kes(test.amount), today, test.rule)), test.expected)
            << test.name;
}

TEST(Allocate, SweepsEitherByInstalmentOrByBucket) {
    const Date later = today.plus_months(2);
    EXPECT_EQ(text_of(allocate(three_instalments(), kes(114), later, usual_rule())),
              "1e1 1e2 1n10 1r100 2e1 rest 0");
    EXPECT_EQ(text_of(allocate(three_instalments(), kes(44), later, rule_of(all_buckets, Sweep::vertical))),
              "1e1 2e1 3e1 1e2 2e2 3e2 1n10 2n10 3n10 1r5 rest 0");
}

TEST(Allocate, TakesTheOldestFirstWhateverTheOrderOfTheRows) {
    auto shuffled = three_instalments();
    std::ranges::reverse(shuffled);
    EXPECT_EQ(allocate(shuffled, kes(250), today, usual_rule()),
              allocate(three_instalments(), kes(250), today, usual_rule()));
}

TEST(Allocate, PaysNothingTwice) {
    auto dues = three_instalments();
    settle(dues, allocate(dues, kes(113), today, usual_rule()));
    EXPECT_EQ(text_of(allocate(dues, kes(3), today, usual_rule())), "2e1 2e2 rest 0");
    const AllocationRule twice{.steps = {{Timing::due, Bucket::fee}, {Timing::due, Bucket::fee}}};
    EXPECT_EQ(text_of(allocate(dues, kes(9), today, twice)), "2e2 rest 7");
}

TEST(Allocate, RefusesAnAmountThatIsNotAboveZero) {
    EXPECT_THROW(allocate(three_instalments(), kes(0), today, usual_rule()), Failure);
    EXPECT_THROW(allocate(three_instalments(), kes(-5), today, usual_rule()), Failure);
}

TEST(TakeBack, RestoresWhatWasOwed) {
    auto dues = three_instalments();
    const auto allocation = allocate(dues, kes(120), today, usual_rule());
    settle(dues, allocation);
    EXPECT_EQ(dues[0].outstanding(), kes(0));
    EXPECT_EQ(dues[1].scheduled_outstanding(), kes(106));
    take_back(dues, allocation);
    EXPECT_EQ(dues, three_instalments());
}

TEST(TakeBack, RefusesWhatWasNotPaidAndChangesNothing) {
    auto dues = three_instalments();
    const auto first = allocate(dues, kes(5), today, usual_rule());
    EXPECT_THROW(take_back(dues, first), Failure);
    EXPECT_EQ(dues, three_instalments());

    const Allocation half_wrong{.applications = {{1, Bucket::fee, kes(1)}, {1, Bucket::interest, kes(11)}}};
    EXPECT_THROW(settle(dues, half_wrong), Failure);
    EXPECT_THROW(settle(dues, {.applications = {{9, Bucket::fee, kes(1)}}}), Failure);
    EXPECT_EQ(dues, three_instalments());
}

std::vector<InstalmentDues> any_dues(SeededRandom& random) {
    const auto owed = [&] {
        const auto due = static_cast<std::int64_t>(random.below(500));
        return Owed{kes(due),
                    kes(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(due) + 1)))};
    };
    std::vector<InstalmentDues> dues;
    for (int number = static_cast<int>(random.below(6)); number > 0; --number) {
        const int days = static_cast<int>(random.below(5)) - 2;
        dues.push_back({number, today.plus_days(days), owed(), owed(), owed(), owed()});
    }
    return dues;
}

AllocationRule any_rule(SeededRandom& random) {
    AllocationRule rule{.steps = {}, .sweep = static_cast<Sweep>(random.below(2))};
    for (auto count = random.below(20); count > 0; --count)
        rule.steps.push_back({static_cast<Timing>(random.below(3)), static_cast<Bucket>(random.below(4))});
    return random.below(2) == 0 ? usual_rule() : rule;
}

TEST(Allocate, NeitherMakesNorLosesMoney) {
    const std::uint64_t seed = SystemRandom().next();
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    for (int round = 0; round < 3000 && !testing::Test::HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const auto before = any_dues(random);
        const Money amount = kes(1 + static_cast<std::int64_t>(random.below(4000)));
        const auto rule = any_rule(random);
        const auto allocation = allocate(before, amount, today, rule);
        EXPECT_EQ(allocation.applied() + allocation.surplus, amount);
        for (const auto& made : allocation.applications) EXPECT_TRUE(made.amount.is_positive());

        auto after = before;
        settle(after, allocation);
        Money owed_before = kes(0);
        Money owed_after = kes(0);
        for (const auto& instalment : before) owed_before += instalment.outstanding();
        for (const auto& instalment : after) owed_after += instalment.outstanding();
        EXPECT_EQ(owed_before - owed_after, allocation.applied());
        if (rule.steps == usual_rule().steps && allocation.surplus.is_positive()) {
            EXPECT_TRUE(owed_after.is_zero());
        }
        take_back(after, allocation);
        EXPECT_EQ(after, before);
    }
}

}  // namespace
}  // namespace pamoja::lending
