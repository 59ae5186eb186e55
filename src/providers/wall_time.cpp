#include "providers/wall_time.hpp"

#include <fmt/format.h>

namespace pamoja::providers {
namespace {

std::optional<int> two_digits(std::string_view text, std::size_t at) {
    const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (!is_digit(at) || !is_digit(at + 1)) return std::nullopt;
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

}  // namespace

std::optional<WallTime> WallTime::parse(std::string_view text) {
    const bool has_seconds = text.size() == 8;
    if ((text.size() != 5 && !has_seconds) || text[2] != ':') return std::nullopt;
    if (has_seconds && text.substr(5) != ":00") return std::nullopt;
    const auto hour = two_digits(text, 0);
    const auto minute = two_digits(text, 3);
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const int total = *hour * 60 + *minute;
    return total <= 24 * 60 ? std::optional(WallTime{total}) : std::nullopt;
}

std::string WallTime::text() const {
    return short_text() + ":00";
}

std::string WallTime::short_text() const {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

}  // namespace pamoja::providers

namespace pamoja {

using providers::WallTime;

void Type<WallTime>::read(const json::Value& value, WallTime& result, Reading& reading) {
    const auto* text = value.string();
    const auto time = text != nullptr ? WallTime::parse(*text) : std::nullopt;
    if (!time) return reading.fail("invalid", "must be a time of day such as 09:30:00");
    result = *time;
}

void Type<WallTime>::write(const WallTime& value, json::Writer& writer, const WireStyle&) {
    writer.string(value.text());
}

Cell Type<WallTime>::to_cell(const WallTime& value) {
    return value.text();
}

void Type<WallTime>::from_cell(const Cell& cell, WallTime& value) {
    const auto time = WallTime::parse(detail::text_of(cell));
    if (!time) throw std::runtime_error("a stored value is not a time of day");
    value = *time;
}

void Type<WallTime>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "string");
    writer.member("pattern", "^([01][0-9]|2[0-4]):[0-5][0-9](:00)?$");
}

}  // namespace pamoja
