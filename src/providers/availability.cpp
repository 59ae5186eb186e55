#include "providers/availability.hpp"

#include <algorithm>

namespace pamoja::providers {
namespace {

constexpr std::size_t stretches_max = 12;  // of a day, and breaks of a stretch

struct WeeklyHoursRow {
    Id<struct WeeklyHoursTag> id;
    ProviderId provider_id;
    WeeklyHours hours;

    void describe(Fields& f) {
        f("id", id);
        f("provider_id", provider_id);
        f.include(hours);
    }
};

void require_sound(const WorkingTime& time, const std::string& path) {
    require_field(time.start_time < time.end_time, path + ".end_time", "invalid", "must be after start_time");
    require_field(time.breaks.size() <= stretches_max, path + ".breaks", "too_long",
                  "must have at most 12 items");
    for (std::size_t i = 0; i < time.breaks.size(); ++i) {
        const auto& each = time.breaks[i];
        const std::string place = path + ".breaks[" + std::to_string(i) + "]";
        require_field(each.start_time < each.end_time, place + ".end_time", "invalid",
                      "must be after start_time");
        require_field(time.start_time <= each.start_time && each.end_time <= time.end_time,
                      place + ".start_time", "invalid", "must lie within the working time");
    }
}

bool do_overlap(const WorkingTime& a, const WorkingTime& b) {
    return a.start_time < b.end_time && b.start_time < a.end_time;
}

void require_sound_week(const std::vector<WeeklyHours>& week) {
    require_field(week.size() <= weekly_hours_max, "availability", "too_long", "must have at most 70 items");
    for (std::size_t i = 0; i < week.size(); ++i) {
        const std::string path = "availability[" + std::to_string(i) + "]";
        require_sound(week[i].time, path);
        for (std::size_t other = 0; other < i; ++other) {
            const bool is_clear =
                week[other].day_of_week != week[i].day_of_week || !do_overlap(week[other].time, week[i].time);
            require_field(is_clear, path + ".start_time", "overlaps",
                          "must not overlap another working time of the day");
        }
    }
}

void require_sound_day(const std::vector<WorkingTime>& hours) {
    require_field(hours.size() <= stretches_max, "hours", "too_long", "must have at most 12 items");
    for (std::size_t i = 0; i < hours.size(); ++i) {
        const std::string path = "hours[" + std::to_string(i) + "]";
        require_sound(hours[i], path);
        for (std::size_t other = 0; other < i; ++other) {
            require_field(!do_overlap(hours[other], hours[i]), path + ".start_time", "overlaps",
                          "must not overlap another working time of the day");
        }
    }
}

}  // namespace

void Break::describe(Fields& f) {
    f("start_time", start_time);
    f("end_time", end_time);
}

void WorkingTime::describe(Fields& f) {
    f("start_time", start_time);
    f("end_time", end_time);
    f.optional("breaks", breaks);
}

void WeeklyHours::describe(Fields& f) {
    f("day_of_week", day_of_week);
    f.include(time);
}

void DateOverride::describe(Fields& f) {
    f("id", id);
    f("provider_id", provider_id);
    f("date", date);
    f("hours", hours);
    f("reason", reason);
}

void TimeOff::describe(Fields& f) {
    f("id", id);
    f("provider_id", provider_id);
    f("starts_at", starts_at);
    f("ends_at", ends_at);
    f("reason", reason);
}

Weekday weekday_of(Date date) {
    return static_cast<Weekday>(std::chrono::weekday(date.days()).iso_encoding() - 1);
}

void set_weekly_hours(Tx& tx, const ProviderId& provider, const std::vector<WeeklyHours>& week) {
    require_sound_week(week);
    const ProviderId owner = provider_with(tx, provider).id;
    tx.run("DELETE FROM provider_working_hours WHERE tenant_id = :tenant AND provider_id = $1", owner);
    std::vector<WeeklyHoursRow> rows;
    for (const auto& hours : week) {
        rows.push_back({Id<struct WeeklyHoursTag>(make_uuid(tx.now(), tx.random())), owner, hours});
    }
    tx.insert_all("provider_working_hours", rows);
}

std::vector<WeeklyHours> weekly_hours_of(Tx& tx, const ProviderId& provider) {
    auto week = tx.all<WeeklyHours>(
        "FROM provider_working_hours WHERE tenant_id = :tenant AND provider_id = $1 ORDER BY start_time, id",
        provider);
    std::ranges::stable_sort(week, {}, &WeeklyHours::day_of_week);
    return week;
}

DateOverride set_override(Tx& tx, const ProviderId& provider, Date date,
                          const std::vector<WorkingTime>& hours, const std::string& reason) {
    require_sound_day(hours);
    const DateOverride wanted{.id = tx.new_id<OverrideId>(),
                              .provider_id = provider_with(tx, provider).id,
                              .date = date,
                              .hours = hours,
                              .reason = reason};
    tx.run(
        "INSERT INTO provider_date_overrides (tenant_id, id, provider_id, date, hours, reason) "
        "VALUES (:tenant, $1, $2, $3, $4, $5) ON CONFLICT (tenant_id, provider_id, date) "
        "DO UPDATE SET hours = excluded.hours, reason = excluded.reason",
        wanted.id, wanted.provider_id, wanted.date, wanted.hours, wanted.reason);
    return *tx.maybe<DateOverride>(
        "FROM provider_date_overrides WHERE tenant_id = :tenant AND provider_id = $1 AND date = $2", provider,
        date);
}

void remove_override(Tx& tx, const ProviderId& provider, Date date) {
    const auto removed = tx.run(
        "DELETE FROM provider_date_overrides WHERE tenant_id = :tenant AND provider_id = $1 AND date = $2",
        provider, date);
    require(removed == 1, not_found, "Nothing is set for this date.");
}

Page<DateOverride> overrides_of(Tx& tx, const ProviderId& provider, Date from, const PageRequest& page) {
    return tx.page<DateOverride>(
        page, "FROM provider_date_overrides WHERE tenant_id = :tenant AND provider_id = $1 AND date >= $2",
        "date, id", provider, from);
}

TimeOff add_time_off(Tx& tx, const ProviderId& provider, Timestamp starts_at, Timestamp ends_at,
                     const std::string& reason) {
    require_field(starts_at < ends_at, "ends_at", "invalid", "must be after starts_at");
    const TimeOff away{.id = tx.new_id<TimeOffId>(),
                       .provider_id = provider_with(tx, provider).id,
                       .starts_at = starts_at,
                       .ends_at = ends_at,
                       .reason = reason};
    require(time_off_of(tx, provider, tx.now(), {.page = 1, .per_page = 1}).total < time_off_max, conflict,
            "This provider has as much time off ahead as can be noted.");
    tx.insert("provider_time_off", away);
    return away;
}

void remove_time_off(Tx& tx, const ProviderId& provider, const TimeOffId& id) {
    const auto removed =
        tx.run("DELETE FROM provider_time_off WHERE tenant_id = :tenant AND id = $1 AND provider_id = $2", id,
               provider);
    require(removed == 1, not_found, "There is no such time off.");
}

Page<TimeOff> time_off_of(Tx& tx, const ProviderId& provider, Timestamp from, const PageRequest& page) {
    return tx.page<TimeOff>(
        page, "FROM provider_time_off WHERE tenant_id = :tenant AND provider_id = $1 AND ends_at > $2",
        "ends_at, id", provider, from);
}

}  // namespace pamoja::providers
