#include "base/time.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/id.hpp"

namespace pamoja {
namespace {

TEST(Date, AcceptsOnlyDaysThatExist) {
    EXPECT_EQ(Date::parse("2024-02-29")->text(), "2024-02-29");
    for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024-01-01T",
                             "", "2024-01-+1"}) {
        EXPECT_FALSE(Date::parse(text).has_value()) << text;
    }
}

TEST(Date, FallsBackToTheLastDayOfAShorterMonth) {
    EXPECT_EQ(Date(2023, 1, 31).plus_months(1).text(), "2023-02-28");
    EXPECT_EQ(Date(2023, 1, 31).plus_months(13).text(), "2024-02-29");
    EXPECT_EQ(Date(2024, 3, 31).plus_months(-1).text(), "2024-02-29");
    EXPECT_EQ(Date(2024, 1, 1).days_until(Date(2024, 3, 1)), 60);
}

TEST(Timestamp, RoundTripsRfc3339) {
    EXPECT_EQ(Timestamp::parse("2025-12-05T14:48:13Z")->seconds(), 1764946093);
    EXPECT_EQ(Timestamp::parse("2025-12-05T17:48:13.5+03:00")->micros(), 1764946093'500'000);
    EXPECT_EQ(Timestamp::from_seconds(1764946093).text(), "2025-12-05T14:48:13Z");
    EXPECT_EQ(Timestamp::from_micros(-1).precise_text(), "1969-12-31T23:59:59.999999Z");
    for (const char* text :
         {"2025-12-05", "2025-12-05T14:48:13", "2025-12-05T25:00:00Z", "2025-12-05T14:48:13+3", "x"}) {
        EXPECT_FALSE(Timestamp::parse(text).has_value()) << text;
    }
}

TEST(Zone, KnowsTheLocalDay) {
    const auto late = *Timestamp::parse("2025-12-05T22:30:00Z");
    EXPECT_EQ(local_date(late, "Africa/Nairobi").text(), "2025-12-06");
    EXPECT_EQ(local_date(late, "UTC").text(), "2025-12-05");
    EXPECT_EQ(start_of_day(Date(2025, 12, 6), "Africa/Nairobi").text(), "2025-12-05T21:00:00Z");
    EXPECT_EQ(local_digits(late, "Africa/Nairobi"), "20251206013000");
}

TEST(Uuid, SortsByTimeAndCarriesItsVersion) {
    SeededRandom random(1);
    const auto first = make_uuid(Timestamp::from_seconds(1000), random);
    const auto second = make_uuid(Timestamp::from_seconds(1001), random);
    EXPECT_LT(first, second);
    EXPECT_EQ(first.size(), 36u);
    EXPECT_EQ(first[14], '7');
    EXPECT_NE(std::string("89ab").find(first[19]), std::string::npos);
}

TEST(SystemClock, MovesForwardByWhatItIsTold) {
    SystemClock clock;
    clock.set(Timestamp::from_seconds(1'000'000));
    clock.advance(std::chrono::hours(24));
    const auto passed = clock.now().since(Timestamp::from_seconds(1'000'000 + 86'400));
    EXPECT_GE(passed.count(), 0);
    EXPECT_LT(passed, std::chrono::seconds(30));
}

}  // namespace
}  // namespace pamoja
