#include "jobs/schedule.hpp"

namespace pamoja::jobs {
namespace {

Timestamp next_multiple(const Every& every, Timestamp after) {
    const std::int64_t step = std::chrono::microseconds(every.interval).count();
    return Timestamp::from_micros((after.micros() / step + 1) * step);
}

// In a zone with daylight saving the two days of the change are off by an hour; ours have none.
Timestamp next_daily(const DailyAt& daily, Timestamp after, std::string_view time_zone) {
    Date day = local_date(after, time_zone);
    auto time = start_of_day(day, time_zone).plus(daily.time_of_day);
    for (; time <= after; time = start_of_day(day, time_zone).plus(daily.time_of_day)) day = day.plus_days(1);
    return time;
}

}  // namespace

Timestamp next_time(const Schedule& schedule, Timestamp after, std::string_view time_zone) {
    if (const auto* every = std::get_if<Every>(&schedule.when)) return next_multiple(*every, after);
    return next_daily(std::get<DailyAt>(schedule.when), after, time_zone);
}

std::string schedule_key(std::string_view name) {
    return "schedule:" + std::string(name);
}

Timestamp scheduled_time(const Job& job) {
    const json::Value* member = job.payload.find("scheduled_for");
    const auto time = member != nullptr ? Timestamp::parse(member->text_or_empty()) : std::nullopt;
    if (!time) throw std::logic_error(job.kind + " was not enqueued by its schedule");
    return *time;
}

}  // namespace pamoja::jobs
