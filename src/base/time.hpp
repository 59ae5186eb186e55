#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pamoja {

// A calendar day without a time zone.
class Date {
  public:
    constexpr Date() = default;
    constexpr explicit Date(std::chrono::sys_days day) : day_(day) {}
    constexpr Date(int year, unsigned month, unsigned day)
        : day_(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) {}
    static std::optional<Date> parse(std::string_view iso);  // "2025-12-05", a day that exists

    constexpr std::chrono::sys_days days() const { return day_; }
    std::chrono::year_month_day calendar() const { return day_; }
    std::string text() const;
    Date plus_days(int days) const { return Date(day_ + std::chrono::days(days)); }
    // The same day of a later month, or that month's last day where it has no such day.
    Date plus_months(int months) const;
    int days_until(const Date& later) const { return static_cast<int>((later.day_ - day_).count()); }
    auto operator<=>(const Date&) const = default;

  private:
    std::chrono::sys_days day_{};
};

// An instant, in microseconds since the epoch (UTC).
class Timestamp {
  public:
    constexpr Timestamp() = default;
    static constexpr Timestamp from_micros(std::int64_t micros) { return Timestamp(micros); }
    static constexpr Timestamp from_seconds(std::int64_t seconds) { return Timestamp(seconds * 1'000'000); }
    // RFC 3339: "2025-12-05T14:48:13Z", with fraction and offset.
    static std::optional<Timestamp> parse(std::string_view rfc3339);

    constexpr std::int64_t micros() const { return micros_; }
    constexpr std::int64_t seconds() const {
        return (micros_ - (micros_ % 1'000'000 + 1'000'000) % 1'000'000) / 1'000'000;
    }
    std::string text() const;          // whole seconds: "2025-12-05T14:48:13Z"
    std::string precise_text() const;  // "2025-12-05T14:48:13.000123Z"
    Timestamp plus(std::chrono::microseconds duration) const { return Timestamp(micros_ + duration.count()); }
    Timestamp minus(std::chrono::microseconds duration) const {
        return Timestamp(micros_ - duration.count());
    }
    std::chrono::microseconds since(const Timestamp& earlier) const {
        return std::chrono::microseconds(micros_ - earlier.micros_);
    }
    auto operator<=>(const Timestamp&) const = default;

  private:
    explicit constexpr Timestamp(std::int64_t micros) : micros_(micros) {}
    std::int64_t micros_ = 0;
};

// The day that it is at an instant in an IANA zone ("Africa/Nairobi"), and the first instant of a day there.
// An unknown zone throws std::runtime_error.
Date local_date(Timestamp, std::string_view zone);
Timestamp start_of_day(Date, std::string_view zone);
// The wall-clock reading there as YYYYMMDDHHMMSS, the form in which Daraja wants it.
std::string local_digits(Timestamp, std::string_view zone);

}  // namespace pamoja
