#include "providers/plan.hpp"

#include "providers/intervals.hpp"

namespace pamoja::providers {
namespace {

constexpr WallTime day_end{24 * 60};

bool has_availability(Tx& tx, const ProviderId& provider) {
    return tx.value<std::int64_t>(
                 "SELECT 1 FROM provider_working_hours WHERE tenant_id = :tenant AND provider_id = $1 LIMIT "
                 "1",
                 provider)
               .has_value() ||
           tx.value<std::int64_t>(
                 "SELECT 1 FROM provider_date_overrides WHERE tenant_id = :tenant AND provider_id = $1 "
                 "LIMIT 1",
                 provider)
               .has_value();
}

std::vector<WorkingTime> hours_of(const std::vector<WeeklyHours>& week, Date date) {
    std::vector<WorkingTime> hours;
    for (const auto& each : week) {
        if (each.day_of_week == weekday_of(date)) hours.push_back(each.time);
    }
    return hours;
}

void add_intervals(std::vector<Interval>& to, const LocalDay& day, WallTime from, WallTime until) {
    for (const auto& each : day.intervals_of(from.since_midnight(), until.since_midnight()))
        to.push_back(each);
}

}  // namespace

std::vector<Interval> Plan::open() const {
    std::vector<Interval> working;
    std::vector<Interval> away;
    for (const auto& planned : days) {
        for (const auto& time : planned.hours) {
            add_intervals(working, planned.day, time.start_time, time.end_time);
            for (const auto& pause : time.breaks)
                add_intervals(away, planned.day, pause.start_time, pause.end_time);
        }
    }
    for (const auto& each : time_off) away.push_back({each.starts_at, each.ends_at});
    return without(std::move(working), std::move(away));
}

Plan plan_of(Tx& tx, const Provider& provider, Date first, Date last) {
    Plan plan{.time_zone = provider.time_zone,
              .is_set = has_availability(tx, provider.id),
              .days = {},
              .time_off = {}};
    const auto week = weekly_hours_of(tx, provider.id);
    const auto overrides = tx.all<DateOverride>(
        "FROM provider_date_overrides WHERE tenant_id = :tenant AND provider_id = $1 AND date >= $2 "
        "AND date <= $3 ORDER BY date, id",
        provider.id, first, last);
    for (Date date = first; date <= last; date = date.plus_days(1)) {
        PlannedDay planned{LocalDay(date, provider.time_zone), hours_of(week, date), false};
        if (!plan.is_set) planned.hours = {{WallTime{}, day_end, {}}};
        for (const auto& each : overrides) {
            if (each.date != date) continue;
            planned.hours = each.hours;
            planned.is_override = true;
        }
        plan.days.push_back(std::move(planned));
    }
    plan.time_off = tx.all<TimeOff>(
        "FROM provider_time_off WHERE tenant_id = :tenant AND provider_id = $1 AND ends_at > $2 "
        "AND starts_at < $3 ORDER BY starts_at, id",
        provider.id, start_of_day(first, provider.time_zone),
        start_of_day(last.plus_days(1), provider.time_zone));
    return plan;
}

bool is_open(Tx& tx, const Provider& provider, const Interval& stretch) {
    const auto plan = plan_of(tx, provider, local_date(stretch.begin, provider.time_zone),
                              local_date(stretch.end, provider.time_zone));
    return holds(plan.open(), stretch);
}

}  // namespace pamoja::providers
