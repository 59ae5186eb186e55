#include "base/wall_clock.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <stdexcept>

namespace pamoja {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// No zone is further from UTC.
constexpr hours offset_max{26};

date::sys_seconds whole_second(Timestamp timestamp) {
    return date::sys_seconds(seconds(timestamp.seconds()));
}

// The database's ends of time lie beyond what microseconds can hold.
Timestamp clamped(date::sys_seconds instant, Timestamp low, Timestamp high) {
    const auto count = instant.time_since_epoch().count();
    if (count <= low.seconds()) return low;
    if (count >= high.seconds()) return high;
    return Timestamp::from_seconds(count);
}

}  // namespace

bool is_time_zone(std::string_view name) {
    try {
        date::locate_zone(name);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

LocalDay::LocalDay(Date date, std::string_view zone) : date_(date) {
    const auto* found = date::locate_zone(zone);
    const auto midnight =
        Timestamp::from_seconds(std::int64_t{date.days().time_since_epoch().count()} * 86400);
    const auto first = midnight.minus(offset_max);
    const auto last = midnight.plus(hours(24) + offset_max);
    for (auto at = first; at < last;) {
        const auto info = found->get_info(whole_second(at));
        const auto until = clamped(info.end, first, last);
        periods_.push_back({{at, until}, info.offset});
        at = until;
    }
}

Timestamp LocalDay::instant(seconds time_of_day, seconds offset) const {
    return Timestamp::from_seconds(std::int64_t{date_.days().time_since_epoch().count()} * 86400 +
                                   (time_of_day - offset).count());
}

std::vector<Timestamp> LocalDay::instants_of(seconds time_of_day) const {
    std::vector<Timestamp> found;
    for (const auto& period : periods_) {
        const auto at = instant(time_of_day, period.offset);
        if (period.span.begin <= at && at < period.span.end) found.push_back(at);
    }
    return found;
}

std::vector<Interval> LocalDay::intervals_of(seconds from, seconds until) const {
    std::vector<Interval> found;
    for (const auto& period : periods_) {
        const Interval part{std::max(instant(from, period.offset), period.span.begin),
                            std::min(instant(until, period.offset), period.span.end)};
        if (part.is_empty()) continue;
        // Clocks that were moved within the stretch leave no gap in time.
        if (!found.empty() && found.back().end == part.begin) {
            found.back().end = part.end;
        } else {
            found.push_back(part);
        }
    }
    return found;
}

seconds utc_offset(Timestamp timestamp, std::string_view zone) {
    return date::locate_zone(zone)->get_info(whole_second(timestamp)).offset;
}

std::string local_text(Timestamp timestamp, std::string_view zone) {
    const seconds offset = utc_offset(timestamp, zone);
    std::string text = timestamp.plus(offset).text();
    text.pop_back();
    const auto minutes = std::abs(offset.count()) / 60;
    return fmt::format("{}{}{:02}:{:02}", text, offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace pamoja
