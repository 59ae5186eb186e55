#include "notifications/quiet_hours.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"

namespace pamoja::notifications {
namespace {

TEST(QuietUntil, IsTheEndOfTheHoursThatAnInstantLiesIn) {
    struct Case {
        const char* start;
        const char* end;
        const char* zone;
        const char* now;
        const char* until;  // empty: not quiet
    };
    const Case cases[] = {
        {"22:00", "07:00", "UTC", "2025-12-05T21:59:59Z", ""},
        {"22:00", "07:00", "UTC", "2025-12-05T22:00:00Z", "2025-12-06T07:00:00Z"},
        {"22:00", "07:00", "UTC", "2025-12-06T06:59:59Z", "2025-12-06T07:00:00Z"},
        {"22:00", "07:00", "UTC", "2025-12-06T07:00:00Z", ""},
        {"22:00", "00:00", "UTC", "2025-12-05T23:00:00Z", "2025-12-06T00:00:00Z"},
        {"12:00", "14:00", "UTC", "2025-12-05T13:00:00Z", "2025-12-05T14:00:00Z"},
        {"12:00", "14:00", "UTC", "2025-12-05T02:00:00Z", ""},
        {"22:00", "07:00", "Africa/Nairobi", "2025-12-05T19:30:00Z", "2025-12-06T04:00:00Z"},
        {"22:00", "07:00", "Asia/Kolkata", "2025-12-06T01:00:00Z", "2025-12-06T01:30:00Z"},
        {"22:00", "07:00", "America/New_York", "2025-12-05T12:00:00Z", ""},
        // Clocks go forward at 01:00 UTC and back at 01:00 UTC in Berlin.
        {"22:00", "07:00", "Europe/Berlin", "2025-03-29T22:00:00Z", "2025-03-30T05:00:00Z"},
        {"22:00", "07:00", "Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-26T06:00:00Z"},
        // 02:30 does not occur that night: the hours end with the gap.
        {"22:00", "02:30", "Europe/Berlin", "2025-03-30T00:30:00Z", "2025-03-30T01:00:00Z"},
    };
    for (const Case& each : cases) {
        const QuietHours hours{*minute_of_day(each.start), *minute_of_day(each.end), each.zone};
        const auto until = quiet_until(hours, *Timestamp::parse(each.now));
        EXPECT_EQ(until ? until->text() : "", each.until) << each.start << each.end << each.zone << each.now;
    }
}

TEST(MinuteOfDay, IsReadAndWritten) {
    const std::pair<const char*, int> times[] = {{"00:00", 0}, {"07:05", 425}, {"23:59", 1439}};
    for (const auto& [text, minute] : times) {
        EXPECT_EQ(minute_of_day(text), minute);
        EXPECT_EQ(time_of_day_text(minute), text);
    }
    for (const char* text : {"", "7:00", "24:00", "23:60", "07-00", "07:0a", "07:00:00", " 7:00"})
        EXPECT_FALSE(minute_of_day(text).has_value()) << text;
}

class QuietHoursTest : public ::testing::TestWithParam<Engine> {};

TEST_P(QuietHoursTest, AreKeptForEachUser) {
    testing::TestDatabase db(GetParam());
    const TenantId tenant("a");
    const UserId ann("ann");
    db->write(tenant, [&](Tx& tx) {
        keep_quiet(tx, ann, {60, 120, "UTC"});
        keep_quiet(tx, ann, {1320, 420, "Asia/Kolkata"});
    });
    const auto kept = db->write(tenant, [&](Tx& tx) { return quiet_hours_of(tx, ann); });
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->start_minute, 1320);
    EXPECT_EQ(kept->time_zone, "Asia/Kolkata");
    EXPECT_FALSE(db->write(tenant, [](Tx& tx) { return quiet_hours_of(tx, UserId("bob")); }).has_value());
    EXPECT_FALSE(db->write(TenantId("b"), [&](Tx& tx) { return quiet_hours_of(tx, ann); }).has_value());
    for (const QuietHours& bad : {QuietHours{60, 60, "UTC"}, QuietHours{60, 90, "Mars/Olympus"}})
        EXPECT_THROW(db->write(tenant, [&](Tx& tx) { keep_quiet(tx, ann, bad); }), Failure);
    db->write(tenant, [&](Tx& tx) { end_quiet(tx, ann); });
    EXPECT_FALSE(db->write(tenant, [&](Tx& tx) { return quiet_hours_of(tx, ann); }).has_value());
}

INSTANTIATE_TEST_SUITE_P(Engines, QuietHoursTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::notifications
