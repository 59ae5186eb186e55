#include "sandbox/daraja/books.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sandbox/daraja/outcome.hpp"

namespace pamoja::sandbox::daraja {
namespace {

TEST(Receipts, AreUniqueAndTellTheirDay) {
    SeededRandom random(7);
    Receipts receipts(random);
    const auto instant = *Timestamp::parse("2021-04-21T08:44:25Z");
    std::set<std::string> seen;
    for (int i = 0; i < 20'000; ++i) {
        const std::string receipt = receipts.next(instant);
        ASSERT_EQ(receipt.size(), 10u);
        ASSERT_EQ(receipt.substr(0, 3), "PDL");
        ASSERT_TRUE(seen.insert(receipt).second) << receipt;
    }
    // The day is Nairobi's: 22:00 in London is tomorrow there.
    EXPECT_EQ(receipts.next(*Timestamp::parse("2021-04-30T22:00:00Z")).substr(0, 3), "PE1");
}

TEST(Books, LendNothingToAnOrganization) {
    const ManualClock clock(*Timestamp::parse("2026-01-02T10:30:15Z"));
    SeededRandom random(7);
    Books books(clock, random);
    const Money all = books.balance_of("600000");
    const Movement payout{
        .direction = Direction::out, .amount = all, .phone = "+254700123456", .short_code = "600000"};
    EXPECT_TRUE(books.record(payout));
    EXPECT_TRUE(books.balance_of("600000").is_zero());
    EXPECT_FALSE(books.record(payout));
    EXPECT_EQ(books.statement().size(), 1u);
    EXPECT_EQ(books.balance_of("600001"), all);
}

TEST(Shelf, KeepsTheLastOnes) {
    Shelf<int> shelf(3);
    for (int i = 0; i < 5; ++i) shelf.add(i, {"id" + std::to_string(i), "", i % 2 == 0 ? "even" : "odd"});
    EXPECT_EQ(shelf.all(), (std::vector<int>{2, 3, 4}));
    EXPECT_EQ(shelf.find("id1"), nullptr);
    EXPECT_EQ(*shelf.find("id2"), 2);
    EXPECT_EQ(*shelf.find("even"), 4);
    EXPECT_EQ(shelf.find(""), nullptr);
    shelf.clear();
    EXPECT_EQ(shelf.find("even"), nullptr);
    shelf.add(9, {"even"});
    EXPECT_EQ(*shelf.find("even"), 9);
}

TEST(Script, WaitsLongerForALateCallback) {
    Script script;
    EXPECT_EQ(script.take("+254700123456").delay, std::chrono::milliseconds(200));
    script.set("+254700123456",
               {.phone = "", .outcome = Outcome::late_callback, .delay_ms = std::nullopt, .count = 1});
    const Plan plan = script.take("+254700123456");
    EXPECT_EQ(plan.outcome, Outcome::late_callback);
    EXPECT_EQ(plan.delay, std::chrono::milliseconds(3000));
    EXPECT_EQ(script.take("+254700123456").outcome, Outcome::success);
}

}  // namespace
}  // namespace pamoja::sandbox::daraja
