#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "providers/provider.hpp"
#include "providers/wall_time.hpp"

namespace pamoja::providers {

enum class Weekday { monday, tuesday, wednesday, thursday, friday, saturday, sunday };
constexpr std::array<const char*, 7> names(Weekday) {
    return {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
}
Weekday weekday_of(Date);

struct Break {
    WallTime start_time;
    WallTime end_time;

    void describe(Fields&);
};

// A stretch of a day during which a provider works, in the provider's wall time.
struct WorkingTime {
    WallTime start_time;
    WallTime end_time;
    std::vector<Break> breaks;

    void describe(Fields&);
};

// A stretch of every week.
struct WeeklyHours {
    Weekday day_of_week = Weekday::monday;
    WorkingTime time;

    void describe(Fields&);
};

inline constexpr std::size_t weekly_hours_max = 70;

// Replaces the weekly plan. Throws not_found, and validation_failed that names what ends before it begins,
// overlaps another stretch of its day, or is a break outside of its stretch.
void set_weekly_hours(Tx&, const ProviderId&, const std::vector<WeeklyHours>&);
std::vector<WeeklyHours> weekly_hours_of(Tx&, const ProviderId&);  // Monday first, in order of time

using OverrideId = Id<struct OverrideTag>;

// What holds on one date in place of the weekly plan. No hours: the day is off.
struct DateOverride {
    OverrideId id;
    ProviderId provider_id;
    Date date;
    std::vector<WorkingTime> hours;
    std::string reason;

    void describe(Fields&);
};

// Sets it in place of what was set for that date before. Throws not_found, validation_failed.
DateOverride set_override(Tx&, const ProviderId&, Date, const std::vector<WorkingTime>& hours,
                          const std::string& reason);
// The weekly plan holds again. Throws not_found.
void remove_override(Tx&, const ProviderId&, Date);
Page<DateOverride> overrides_of(Tx&, const ProviderId&, Date from, const PageRequest&);  // in order of date

using TimeOffId = Id<struct TimeOffTag>;

// A stretch of time during which the provider is away, whatever the plan says.
struct TimeOff {
    TimeOffId id;
    ProviderId provider_id;
    Timestamp starts_at;
    Timestamp ends_at;
    std::string reason;

    void describe(Fields&);
};

inline constexpr std::int64_t time_off_max = 200;  // stretches of a provider that are not over

// Throws not_found, validation_failed, conflict beyond time_off_max.
TimeOff add_time_off(Tx&, const ProviderId&, Timestamp starts_at, Timestamp ends_at,
                     const std::string& reason);
void remove_time_off(Tx&, const ProviderId&, const TimeOffId&);                         // throws not_found
Page<TimeOff> time_off_of(Tx&, const ProviderId&, Timestamp from, const PageRequest&);  // what ends later

}  // namespace pamoja::providers
