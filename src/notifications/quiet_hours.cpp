#include "notifications/quiet_hours.hpp"

#include "base/wall_clock.hpp"

namespace pamoja::notifications {
namespace {

using std::chrono::minutes;

constexpr int minutes_of_day = 24 * 60;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The quiet time that begins on a day, in pieces: clocks that are moved may split it.
std::vector<Interval> quiet_on(const QuietHours& hours, Date day) {
    const bool is_over_midnight = hours.start_minute > hours.end_minute;
    const int until = is_over_midnight ? minutes_of_day : hours.end_minute;
    auto pieces = LocalDay(day, hours.time_zone).intervals_of(minutes(hours.start_minute), minutes(until));
    if (!is_over_midnight || hours.end_minute == 0) return pieces;
    const auto rest =
        LocalDay(day.plus_days(1), hours.time_zone).intervals_of(minutes(0), minutes(hours.end_minute));
    pieces.insert(pieces.end(), rest.begin(), rest.end());
    return pieces;
}

}  // namespace

void QuietHours::describe(Fields& f) {
    f("start_minute", start_minute).between(0, minutes_of_day - 1);
    f("end_minute", end_minute).between(0, minutes_of_day - 1);
    f("time_zone", time_zone).length(1, 64);
}

std::optional<int> minute_of_day(std::string_view text) {
    const bool has_form = text.size() == 5 && is_digit(text[0]) && is_digit(text[1]) && text[2] == ':' &&
                          is_digit(text[3]) && is_digit(text[4]);
    if (!has_form) return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

std::string time_of_day_text(int minute) {
    const auto two_digits = [](int number) {
        return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    };
    return two_digits(minute / 60) + ":" + two_digits(minute % 60);
}

void keep_quiet(Tx& tx, const UserId& user, const QuietHours& hours) {
    require_field(is_time_zone(hours.time_zone), "time_zone", "invalid", "There is no such time zone.");
    require_field(hours.start_minute != hours.end_minute, "end", "invalid",
                  "Quiet hours end at another time than they start.");
    tx.run(
        "INSERT INTO notification_quiet_hours (tenant_id, user_id, start_minute, end_minute, time_zone) "
        "VALUES "
        "(:tenant, $1, $2, $3, $4) ON CONFLICT (tenant_id, user_id) DO UPDATE SET start_minute = "
        "excluded.start_minute, end_minute = excluded.end_minute, time_zone = excluded.time_zone",
        user, hours.start_minute, hours.end_minute, hours.time_zone);
}

void end_quiet(Tx& tx, const UserId& user) {
    tx.run("DELETE FROM notification_quiet_hours WHERE tenant_id = :tenant AND user_id = $1", user);
}

std::optional<QuietHours> quiet_hours_of(Tx& tx, const UserId& user) {
    return tx.maybe<QuietHours>("FROM notification_quiet_hours WHERE tenant_id = :tenant AND user_id = $1",
                                user);
}

std::optional<Timestamp> quiet_until(const QuietHours& hours, Timestamp now) {
    const Date today = local_date(now, hours.time_zone);
    std::optional<Timestamp> until;
    for (const Date day : {today.plus_days(-1), today}) {
        for (const Interval& piece : quiet_on(hours, day)) {
            const Timestamp at = until.value_or(now);
            if (piece.begin <= at && at < piece.end) until = piece.end;
        }
    }
    return until;
}

std::optional<Timestamp> quiet_until(Tx& tx, const UserId& user, Timestamp now) {
    const auto hours = quiet_hours_of(tx, user);
    return hours ? quiet_until(*hours, now) : std::nullopt;
}

}  // namespace pamoja::notifications
