#include "bookings/slots.hpp"

#include <gtest/gtest.h>

namespace pamoja::bookings {
namespace {

using providers::Break;
using providers::WallTime;
using providers::WorkingTime;

Timestamp at(const char* text) {
    return *Timestamp::parse(text);
}
WallTime clock_at(const char* text) {
    return *WallTime::parse(text);
}

struct Calendar {
    const char* zone = "UTC";
    const char* date = "2025-11-25";
    std::vector<WorkingTime> hours = {};
};

Diary diary_for(const Calendar& calendar, const providers::ServiceTerms& terms) {
    const Date date = *Date::parse(calendar.date);
    Diary diary;
    diary.plan.time_zone = calendar.zone;
    diary.plan.is_set = true;
    diary.plan.days.push_back({LocalDay(date, calendar.zone), calendar.hours, false});
    diary.last = date;
    diary.service.id = ServiceId("service");
    diary.service.terms = terms;
    diary.now = at("2025-01-01T00:00:00Z");
    diary.naming = Naming::by_reference;
    return diary;
}

providers::ServiceTerms lasting(int minutes, std::optional<int> interval = {}) {
    return {.service_name = "Lesson",
            .description = {},
            .duration_minutes = minutes,
            .price = {},
            .slot_interval_minutes = interval};
}

Occupation occupied(const char* reference, const char* from, const char* until, int before = 0,
                    int after = 0) {
    return {{HeldTimeId("held"), ProviderId("provider"), ServiceId("other"), at(from), at(until),
             at(from).minus(std::chrono::minutes(before)), at(until).plus(std::chrono::minutes(after))},
            {reference}};
}

std::string free_starts(const Diary& diary) {
    std::string text;
    for (const auto& slot : slots_in(diary)) {
        if (slot.is_free()) text += (text.empty() ? "" : " ") + slot.local_start.substr(11);
    }
    return text;
}

// "09:30: its reasons" of each slot that is missing.
std::vector<std::string> missing(const Diary& diary) {
    std::vector<std::string> result;
    for (const auto& slot : slots_in(diary)) {
        if (slot.is_free()) continue;
        std::string text = slot.local_start.substr(11, 5);
        for (const auto& obstacle : slot.obstacles) text += ": " + obstacle;
        result.push_back(text);
    }
    return result;
}

TEST(Slots, FollowTheClocksOfTheFiveZones) {
    struct Case {
        const char* zone;
        const char* date;
        const char* from;
        const char* until;
        const char* starts;
    };
    const std::vector<Case> cases = {
        {"Europe/Berlin", "2025-03-30", "01:00", "05:00", "01:00:00+01:00 03:00:00+02:00 04:00:00+02:00"},
        {"Europe/Berlin", "2025-10-26", "01:00", "04:00",
         "01:00:00+02:00 02:00:00+02:00 02:00:00+01:00 03:00:00+01:00"},
        {"America/New_York", "2025-03-09", "01:00", "04:00", "01:00:00-05:00 03:00:00-04:00"},
        {"America/New_York", "2025-11-02", "00:00", "03:00",
         "00:00:00-04:00 01:00:00-04:00 01:00:00-05:00 02:00:00-05:00"},
        // Half an hour is moved: the hour that begins at 01:00 is over at the first 02:00, which is the
        // second 01:30, and no hour begins at 02:00 in spring.
        {"Australia/Lord_Howe", "2025-10-05", "01:00", "05:00",
         "01:00:00+10:30 03:00:00+11:00 04:00:00+11:00"},
        {"Australia/Lord_Howe", "2025-04-06", "00:30", "03:30",
         "00:30:00+11:00 01:30:00+11:00 01:30:00+10:30 02:30:00+10:30"},
        {"Africa/Casablanca", "2025-02-23", "01:00", "04:00",
         "01:00:00+01:00 02:00:00+01:00 02:00:00+00:00 03:00:00+00:00"},
        {"Africa/Casablanca", "2025-04-06", "01:00", "05:00", "01:00:00+00:00 03:00:00+01:00 04:00:00+01:00"},
        {"Asia/Kolkata", "2025-10-26", "01:00", "04:00", "01:00:00+05:30 02:00:00+05:30 03:00:00+05:30"},
    };
    for (const auto& each : cases) {
        const Calendar calendar{each.zone, each.date, {{clock_at(each.from), clock_at(each.until), {}}}};
        EXPECT_EQ(free_starts(diary_for(calendar, lasting(60))), each.starts)
            << each.zone << " " << each.date;
    }
}

TEST(Slots, SayWhyAReadingThatNeverOccursIsMissing) {
    const Calendar calendar{"Europe/Berlin", "2025-03-30", {{clock_at("01:00"), clock_at("04:00"), {}}}};
    EXPECT_EQ(
        missing(diary_for(calendar, lasting(60))),
        std::vector<std::string>{"02:00: 02:00 does not occur on 2025-03-30 in Europe/Berlin: clocks are "
                                 "moved forward"});
}

TEST(Slots, ABreakInTheRepeatedHourIsTakenTwice) {
    const Calendar calendar{
        "Europe/Berlin",
        "2025-10-26",
        {{clock_at("01:00"), clock_at("04:00"), {{clock_at("02:00"), clock_at("02:30")}}}}};
    EXPECT_EQ(free_starts(diary_for(calendar, lasting(30))),
              "01:00:00+02:00 01:30:00+02:00 02:30:00+02:00 02:30:00+01:00 03:00:00+01:00 03:30:00+01:00");
}

TEST(Slots, BuffersOfBothBookingsStack) {
    const Calendar calendar{.hours = {{clock_at("08:00"), clock_at("14:00"), {}}}};
    auto diary = diary_for(calendar, lasting(60, 30));
    diary.occupations = {occupied("BK-1", "2025-11-25T10:00:00Z", "2025-11-25T11:00:00Z", 0, 15)};
    EXPECT_EQ(free_starts(diary),
              "08:00:00+00:00 08:30:00+00:00 09:00:00+00:00 11:30:00+00:00 12:00:00+00:00 12:30:00+00:00 "
              "13:00:00+00:00");
    diary.service.terms.buffer_before_minutes = 20;
    diary.service.terms.buffer_after_minutes = 5;
    EXPECT_EQ(free_starts(diary),
              "08:00:00+00:00 08:30:00+00:00 12:00:00+00:00 12:30:00+00:00 13:00:00+00:00");
    EXPECT_EQ(missing(diary), (std::vector<std::string>{
                                  "09:00: overlaps BK-1 with the 5 minute buffer of this service",
                                  "09:30: overlaps BK-1",
                                  "10:00: overlaps BK-1",
                                  "10:30: overlaps BK-1",
                                  "11:00: overlaps BK-1 including its 15 minute buffer and the 20 minutes of "
                                  "this service",
                                  "11:30: overlaps BK-1 including its 15 minute buffer and the 20 minutes of "
                                  "this service",
                                  "13:30: does not end within the working time, which ends at 14:00",
                              }));
}

TEST(Slots, ExplainBreaksTimeOffNoticeAndHorizon) {
    const Calendar calendar{
        .hours = {{clock_at("09:00"), clock_at("15:00"), {{clock_at("12:00"), clock_at("12:30")}}}}};
    auto diary = diary_for(calendar, lasting(60));
    diary.now = at("2025-11-25T09:30:00Z");
    diary.service.terms.minimum_notice_minutes = 120;
    providers::TimeOff away;
    away.starts_at = at("2025-11-25T14:30:00Z");
    away.ends_at = at("2025-11-25T18:00:00Z");
    diary.plan.time_off = {away};
    EXPECT_EQ(missing(diary),
              (std::vector<std::string>{"09:00: it is over", "10:00: minimum notice of 2 h",
                                        "11:00: minimum notice of 2 h",
                                        "12:00: overlaps the break from 12:00 to "
                                        "12:30",
                                        "14:00: the provider is away until 2025-11-25T18:00:00+00:00"}));
    diary.now = at("2025-11-01T09:30:00Z");
    diary.service.terms.horizon_days = 7;
    EXPECT_EQ(free_starts(diary), "");
    EXPECT_EQ(missing(diary).front(), "09:00: more than 7 days ahead");
}

TEST(Slots, AreSharedUntilAllSeatsAreTaken) {
    const Calendar calendar{.hours = {{clock_at("10:00"), clock_at("12:00"), {}}}};
    auto diary = diary_for(calendar, lasting(60));
    diary.service.terms.capacity = 2;
    auto same = occupied("BK-1", "2025-11-25T10:00:00Z", "2025-11-25T11:00:00Z");
    same.held.service_id = diary.service.id;
    diary.occupations = {same};
    auto slots = slots_in(diary);
    ASSERT_EQ(slots.size(), 2U);
    EXPECT_EQ(slots[0].seats_free, 1);
    EXPECT_EQ(slots[1].seats_free, 2);
    diary.occupations[0].references.emplace_back("BK-2");
    EXPECT_EQ(missing(diary), std::vector<std::string>{"10:00: all 2 seats are taken"});
    // Another service of the provider never shares the time.
    diary.occupations[0].held.service_id = ServiceId("another");
    diary.naming = Naming::anonymous;
    EXPECT_EQ(missing(diary), std::vector<std::string>{"10:00: overlaps another booking"});
}

}  // namespace
}  // namespace pamoja::bookings
