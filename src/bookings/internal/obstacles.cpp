#include "bookings/internal/obstacles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/intervals.hpp"

namespace pamoja::bookings {
namespace {

bool is_in_break(const Interval& time, const LocalDay& day, const providers::Break& pause) {
    const auto stretches =
        day.intervals_of(pause.start_time.since_midnight(), pause.end_time.since_midnight());
    return std::ranges::any_of(stretches, [&](const Interval& each) { return each.overlaps(time); });
}

}  // namespace

std::string duration_text(int minutes) {
    if (minutes < 60) return fmt::format("{} min", minutes);
    if (minutes % 60 == 0) return fmt::format("{} h", minutes / 60);
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

Obstacles::Obstacles(const Diary& diary) : diary_(diary), open_(diary.plan.open()) {}

std::vector<std::string> Obstacles::of(const Interval& time, const providers::PlannedDay& planned,
                                       const providers::WorkingTime& working) const {
    std::vector<std::string> found;
    add_plan(found, time, planned, working);
    add_occupations(found, time);
    if (time.begin < diary_.now) {
        found.emplace_back("it is over");
    } else if (auto refusal = refusal_of_terms(diary_.service.terms, time.begin, diary_.now)) {
        found.push_back(std::move(*refusal));
    }
    return found;
}

void Obstacles::add_plan(std::vector<std::string>& found, const Interval& time,
                         const providers::PlannedDay& planned, const providers::WorkingTime& working) const {
    if (providers::holds(open_, time)) return;
    const auto count = found.size();
    for (const auto& pause : working.breaks) {
        if (is_in_break(time, planned.day, pause))
            found.push_back(fmt::format("overlaps the break from {} to {}", pause.start_time.short_text(),
                                        pause.end_time.short_text()));
    }
    for (const auto& away : diary_.plan.time_off) {
        if (Interval{away.starts_at, away.ends_at}.overlaps(time))
            found.push_back("the provider is away until " + local_text(away.ends_at, diary_.plan.time_zone));
    }
    if (found.size() == count)
        found.push_back("does not end within the working time, which ends at " +
                        working.end_time.short_text());
}

void Obstacles::add_occupations(std::vector<std::string>& found, const Interval& time) const {
    const Interval busy = with_buffers(diary_.service.terms, time);
    for (const auto& each : diary_.occupations) {
        if (!each.held.busy().overlaps(busy)) continue;
        if (!is_shared_by(each.held, diary_.service, time)) {
            found.push_back(overlap_text(each, time));
        } else if (static_cast<int>(each.references.size()) >= diary_.service.terms.capacity) {
            found.push_back(fmt::format("all {} seats are taken", diary_.service.terms.capacity));
        }
    }
}

int Obstacles::seats_free(const Interval& time) const {
    const int capacity = diary_.service.terms.capacity;
    for (const auto& each : diary_.occupations) {
        if (is_shared_by(each.held, diary_.service, time))
            return std::max(0, capacity - static_cast<int>(each.references.size()));
    }
    return capacity;
}

// Buffers stack: those of the booking that exists, and those of the one that would be made.
std::string Obstacles::overlap_text(const Occupation& occupation, const Interval& time) const {
    const HeldTime& held = occupation.held;
    const std::string text = "overlaps " + names_of(occupation);
    if (held.time().overlaps(time)) return text;
    const bool is_later = time.begin >= held.ends_at;
    const auto theirs = is_later ? held.busy_until.since(held.ends_at) : held.starts_at.since(held.busy_from);
    const auto& terms = diary_.service.terms;
    const int ours = is_later ? terms.buffer_before_minutes : terms.buffer_after_minutes;
    const auto their_minutes = std::chrono::duration_cast<std::chrono::minutes>(theirs).count();
    if (ours == 0) return fmt::format("{} including its {} minute buffer", text, their_minutes);
    if (their_minutes == 0) return fmt::format("{} with the {} minute buffer of this service", text, ours);
    return fmt::format("{} including its {} minute buffer and the {} minutes of this service", text,
                       their_minutes, ours);
}

std::string Obstacles::names_of(const Occupation& occupation) const {
    if (diary_.naming == Naming::anonymous || occupation.references.empty()) return "another booking";
    std::string names;
    for (const auto& reference : occupation.references) names += (names.empty() ? "" : ", ") + reference;
    return names;
}

}  // namespace pamoja::bookings
