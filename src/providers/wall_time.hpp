#pragma once
#include <chrono>
#include <optional>

#include "describe/types.hpp"

namespace pamoja::providers {

// What a clock on the wall shows, to the minute: "09:00:00". "24:00:00" is the midnight that ends a day.
struct WallTime {
    int minutes = 0;  // since midnight

    // Reads "HH:MM" and "HH:MM:00".
    static std::optional<WallTime> parse(std::string_view text);
    std::string text() const;        // "09:00:00"
    std::string short_text() const;  // "09:00"
    std::chrono::minutes since_midnight() const { return std::chrono::minutes(minutes); }
    auto operator<=>(const WallTime&) const = default;
};

}  // namespace pamoja::providers

template <>
struct pamoja::Type<pamoja::providers::WallTime> {
    static constexpr ValueKind kind = ValueKind::text;
    static void read(const json::Value&, providers::WallTime&, Reading&);
    static void write(const providers::WallTime&, json::Writer&, const WireStyle&);
    static Cell to_cell(const providers::WallTime&);
    static void from_cell(const Cell&, providers::WallTime&);
    static void schema(json::Writer&, const WireStyle&);
};
