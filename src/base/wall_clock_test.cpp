#include "base/wall_clock.hpp"

#include <gtest/gtest.h>

namespace pamoja {
namespace {

using std::chrono::minutes;

struct Reading {
    const char* zone;
    const char* date;
    int minute_of_day;
    std::vector<std::string> instants;
};

TEST(LocalDay, KnowsReadingsThatOccurTwiceOrNever) {
    const std::vector<Reading> cases = {
        {"Asia/Kolkata", "2025-11-25", 15 * 60 + 30, {"2025-11-25T10:00:00Z"}},
        {"Europe/Berlin", "2025-03-30", 60, {"2025-03-30T00:00:00Z"}},
        {"Europe/Berlin", "2025-03-30", 2 * 60 + 30, {}},
        {"Europe/Berlin", "2025-10-26", 2 * 60 + 30, {"2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"}},
        {"Europe/Berlin", "2025-10-26", 3 * 60, {"2025-10-26T02:00:00Z"}},
        {"America/New_York", "2025-03-09", 2 * 60, {}},
        {"America/New_York", "2025-11-02", 60, {"2025-11-02T05:00:00Z", "2025-11-02T06:00:00Z"}},
        // Half an hour is moved here.
        {"Australia/Lord_Howe", "2025-10-05", 2 * 60 + 15, {}},
        {"Australia/Lord_Howe", "2025-04-06", 60 + 45, {"2025-04-05T14:45:00Z", "2025-04-05T15:15:00Z"}},
        // Clocks go back for the month of fasting.
        {"Africa/Casablanca", "2025-02-23", 2 * 60 + 30, {"2025-02-23T01:30:00Z", "2025-02-23T02:30:00Z"}},
        {"Africa/Casablanca", "2025-04-06", 2 * 60 + 30, {}},
        {"UTC", "2025-12-31", 24 * 60, {"2026-01-01T00:00:00Z"}},
    };
    for (const auto& each : cases) {
        std::vector<std::string> found;
        for (const auto at :
             LocalDay(*Date::parse(each.date), each.zone).instants_of(minutes(each.minute_of_day)))
            found.push_back(at.text());
        EXPECT_EQ(found, each.instants) << each.zone << " " << each.date << " " << each.minute_of_day;
    }
}

TEST(LocalDay, ADayLastsAsLongAsItsClocksSay) {
    const auto hours_of = [](const char* zone, const char* date) {
        const auto found = LocalDay(*Date::parse(date), zone).intervals_of(minutes(0), minutes(24 * 60));
        EXPECT_EQ(found.size(), 1U);
        return static_cast<double>(found.front().end.since(found.front().begin).count()) / 3.6e9;
    };
    EXPECT_EQ(hours_of("Europe/Berlin", "2025-03-30"), 23);
    EXPECT_EQ(hours_of("Europe/Berlin", "2025-10-26"), 25);
    EXPECT_EQ(hours_of("Australia/Lord_Howe", "2025-10-05"), 23.5);
    EXPECT_EQ(hours_of("Australia/Lord_Howe", "2025-04-06"), 24.5);
    EXPECT_EQ(hours_of("Asia/Kolkata", "2025-10-26"), 24);
}

TEST(LocalDay, AStretchWithinTheRepeatedHourComesTwice) {
    const LocalDay day(*Date::parse("2025-10-26"), "Europe/Berlin");
    const auto found = day.intervals_of(minutes(60), minutes(150));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].begin.text() + " " + found[0].end.text(), "2025-10-25T23:00:00Z 2025-10-26T00:30:00Z");
    EXPECT_EQ(found[1].begin.text() + " " + found[1].end.text(), "2025-10-26T01:00:00Z 2025-10-26T01:30:00Z");
}

TEST(WallClock, ShowsTheOffset) {
    const auto at = *Timestamp::parse("2025-11-25T10:00:00Z");
    EXPECT_EQ(local_text(at, "Asia/Kolkata"), "2025-11-25T15:30:00+05:30");
    EXPECT_EQ(local_text(at, "America/New_York"), "2025-11-25T05:00:00-05:00");
    EXPECT_EQ(local_text(at, "UTC"), "2025-11-25T10:00:00+00:00");
}

TEST(WallClock, KnowsTimeZones) {
    EXPECT_TRUE(is_time_zone("Africa/Nairobi"));
    EXPECT_FALSE(is_time_zone("Africa/Atlantis"));
    EXPECT_FALSE(is_time_zone(""));
    EXPECT_FALSE(is_time_zone("../../etc/passwd"));
}

}  // namespace
}  // namespace pamoja
