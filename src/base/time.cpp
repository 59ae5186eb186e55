#include "base/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>

namespace pamoja {
namespace {

using std::chrono::floor;
using std::chrono::microseconds;

std::optional<int> number(std::string_view text, std::size_t from, std::size_t length) {
    if (text.size() < from + length) return std::nullopt;
    int value = 0;
    const char* first = text.data() + from;
    if (*first < '0' || *first > '9') return std::nullopt;
    auto [end, error] = std::from_chars(first, first + length, value);
    if (error != std::errc() || end != first + length) return std::nullopt;
    return value;
}

// Minutes east of UTC: "Z", "+03:00". Empty when it is neither.
std::optional<int> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const auto hours = number(text, 1, 2);
    const auto minutes = number(text, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const int total = *hours * 60 + *minutes;
    return text[0] == '-' ? -total : total;
}

// Takes ".123456" off the front and returns microseconds; digits beyond the sixth are dropped.
std::optional<int> take_fraction(std::string_view& text) {
    if (text.empty() || text[0] != '.') return 0;
    text.remove_prefix(1);
    int micros = 0;
    int digits = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        if (digits < 6) micros = micros * 10 + (text[0] - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits) micros *= 10;
    return micros;
}

auto instant_of(Timestamp timestamp) {
    return date::sys_time<microseconds>(microseconds(timestamp.micros()));
}

}  // namespace

std::optional<Date> Date::parse(std::string_view iso) {
    const auto year = number(iso, 0, 4);
    const auto month = number(iso, 5, 2);
    const auto day = number(iso, 8, 2);
    if (iso.size() != 10 || !year || !month || !day || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    const std::chrono::year_month_day calendar(std::chrono::year(*year),
                                               std::chrono::month(static_cast<unsigned>(*month)),
                                               std::chrono::day(static_cast<unsigned>(*day)));
    if (!calendar.ok()) return std::nullopt;
    return Date(std::chrono::sys_days(calendar));
}

std::string Date::text() const {
    const auto day = calendar();
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

Date Date::plus_months(int months) const {
    const auto moved = calendar() + std::chrono::months(months);
    if (moved.ok()) return Date(std::chrono::sys_days(moved));
    return Date(std::chrono::sys_days(moved.year() / moved.month() / std::chrono::last));
}

std::optional<Timestamp> Timestamp::parse(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return std::nullopt;
    const auto day = Date::parse(text.substr(0, 10));
    const auto hour = number(text, 11, 2);
    const auto minute = number(text, 14, 2);
    const auto second = number(text, 17, 2);
    if (!day || !hour || !minute || !second || text[13] != ':' || text[16] != ':') return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    auto rest = text.substr(19);
    const auto micros = take_fraction(rest);
    const auto offset = parse_offset(rest);
    if (!micros || !offset) return std::nullopt;
    const std::int64_t days = day->days().time_since_epoch().count();
    const std::int64_t seconds = days * 86400 + *hour * 3600 + (*minute - *offset) * 60 + *second;
    return Timestamp(seconds * 1'000'000 + *micros);
}

std::string Timestamp::text() const {
    const std::int64_t whole = seconds();
    const std::int64_t of_day = (whole % 86400 + 86400) % 86400;
    const Date day(std::chrono::sys_days(std::chrono::days((whole - of_day) / 86400)));
    return fmt::format("{}T{:02}:{:02}:{:02}Z", day.text(), of_day / 3600, of_day / 60 % 60, of_day % 60);
}

std::string Timestamp::precise_text() const {
    auto result = text();
    result.pop_back();
    return fmt::format("{}.{:06}Z", result, micros_ - seconds() * 1'000'000);
}

Date local_date(Timestamp timestamp, std::string_view zone) {
    const auto local = date::locate_zone(zone)->to_local(instant_of(timestamp));
    return Date(std::chrono::sys_days(date::floor<date::days>(local).time_since_epoch()));
}

Timestamp start_of_day(Date day, std::string_view zone) {
    const date::local_days local(day.days().time_since_epoch());
    const auto instant = date::locate_zone(zone)->to_sys(local, date::choose::earliest);
    return Timestamp::from_seconds(
        std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count());
}

std::string local_digits(Timestamp timestamp, std::string_view zone) {
    const auto local = date::locate_zone(zone)->to_local(instant_of(timestamp));
    return date::format("%Y%m%d%H%M%S", date::floor<std::chrono::seconds>(local));
}

}  // namespace pamoja
