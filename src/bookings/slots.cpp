#include "bookings/slots.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookings/internal/obstacles.hpp"

namespace pamoja::bookings {
namespace {

using providers::PlannedDay;
using providers::WorkingTime;
using std::chrono::days;
using std::chrono::minutes;

constexpr int alternative_days_before = 1;
constexpr int alternative_days_after = 14;

Slot missing_reading(const PlannedDay& planned, int minute, const std::string& zone) {
    const providers::WallTime reading{minute};
    return {.time = std::nullopt,
            .local_start = planned.day.date().text() + "T" + reading.text(),
            .local_end = {},
            .seats_free = 0,
            .obstacles = {fmt::format("{} does not occur on {} in {}: clocks are moved forward",
                                      reading.short_text(), planned.day.date().text(), zone)}};
}

class SlotCutter {
  public:
    explicit SlotCutter(const Diary& diary) : diary_(diary), obstacles_(diary) {}

    std::vector<Slot> cut() {
        for (const auto& planned : diary_.plan.days) {
            if (planned.day.date() > diary_.last) continue;
            for (const auto& time : planned.hours) cut(planned, time);
        }
        std::ranges::stable_sort(slots_, {}, [](const Slot& slot) { return slot.local_start.substr(0, 19); });
        std::ranges::stable_sort(slots_, {}, [this](const Slot& slot) { return order_of(slot); });
        return std::move(slots_);
    }

  private:
    // The grid starts with each working time and is one of wall time, so that it stays the same for people
    // on days on which clocks are moved.
    void cut(const PlannedDay& planned, const WorkingTime& working) {
        const int step = diary_.service.terms.interval_minutes();
        for (int minute = working.start_time.minutes; minute < working.end_time.minutes; minute += step) {
            const auto starts = planned.day.instants_of(minutes(minute));
            if (starts.empty()) slots_.push_back(missing_reading(planned, minute, diary_.plan.time_zone));
            for (const auto start : starts) slots_.push_back(slot_at(start, planned, working));
        }
    }

    Slot slot_at(Timestamp start, const PlannedDay& planned, const WorkingTime& working) const {
        const Interval time{start, start.plus(minutes(diary_.service.terms.duration_minutes))};
        Slot slot{.time = time,
                  .local_start = local_text(time.begin, diary_.plan.time_zone),
                  .local_end = local_text(time.end, diary_.plan.time_zone),
                  .seats_free = obstacles_.seats_free(time),
                  .obstacles = obstacles_.of(time, planned, working)};
        if (!slot.is_free()) slot.seats_free = 0;
        return slot;
    }

    // A reading that never occurs stands where the clocks jump.
    Timestamp order_of(const Slot& slot) const {
        if (slot.time) return slot.time->begin;
        const auto date = *Date::parse(slot.local_start.substr(0, 10));
        const auto reading = *providers::WallTime::parse(slot.local_start.substr(11, 8));
        const LocalDay day(date, diary_.plan.time_zone);
        const auto before = day.intervals_of(minutes(0), reading.since_midnight());
        return before.empty() ? start_of_day(date, diary_.plan.time_zone) : before.back().end;
    }

    const Diary& diary_;
    Obstacles obstacles_;
    std::vector<Slot> slots_;
};

}  // namespace

std::vector<Slot> slots_in(const Diary& diary) {
    return SlotCutter(diary).cut();
}

Diary diary_of(Tx& tx, const providers::Provider& provider, const providers::Service& service, Date first,
               Date last, Naming naming) {
    require_field(first <= last, "to", "invalid", "must not be before from");
    require_field(first.days_until(last) < slot_days_max, "to", "out_of_range",
                  "must be at most 30 days after from");
    auto plan = providers::plan_of(tx, provider, first, last.plus_days(1));
    const Interval stretch{start_of_day(first, provider.time_zone).minus(days(1)),
                           start_of_day(last.plus_days(1), provider.time_zone).plus(days(2))};
    return {.plan = std::move(plan),
            .last = last,
            .service = service,
            .occupations = occupations_in(tx, provider.id, stretch),
            .now = tx.now(),
            .naming = naming};
}

std::vector<Slot> alternatives_to(Tx& tx, const providers::Provider& provider,
                                  const providers::Service& service, Timestamp wanted, std::size_t count) {
    const Date day = local_date(wanted, provider.time_zone);
    const auto diary = diary_of(tx, provider, service, day.plus_days(-alternative_days_before),
                                day.plus_days(alternative_days_after), Naming::anonymous);
    std::vector<Slot> free;
    for (auto& slot : slots_in(diary)) {
        if (slot.is_free()) free.push_back(std::move(slot));
    }
    const auto distance = [&](const Slot& slot) { return std::abs(slot.time->begin.since(wanted).count()); };
    std::ranges::stable_sort(free, {}, distance);
    if (free.size() > count) free.resize(count);
    std::ranges::sort(free, {}, [](const Slot& slot) { return slot.time->begin; });
    return free;
}

std::optional<std::string> refusal_of_terms(const providers::ServiceTerms& terms, Timestamp starts_at,
                                            Timestamp now) {
    if (terms.minimum_notice_minutes > 0 && starts_at < now.plus(minutes(terms.minimum_notice_minutes)))
        return "minimum notice of " + duration_text(terms.minimum_notice_minutes);
    if (terms.horizon_days && starts_at > now.plus(days(*terms.horizon_days)))
        return fmt::format("more than {} days ahead", *terms.horizon_days);
    return std::nullopt;
}

}  // namespace pamoja::bookings
