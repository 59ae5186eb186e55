#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "json/value.hpp"

namespace pamoja::access {

// A number in millionths: exact for every 64-bit integer and for six decimals.
using Millionths = Int128;
inline constexpr std::int64_t millionth = 1'000'000;

// Empty for what is no number, is beyond 64 bits or has more than six decimals.
std::optional<Millionths> parse_millionths(std::string_view text);
std::string text_of(Millionths);

enum class DatumKind { missing, null, boolean, number, text, instant, date, list, names, object, fault };

// One value while a condition is evaluated. It points into the facts or the program and owns nothing.
struct Datum {
    DatumKind kind = DatumKind::missing;
    bool boolean = false;
    Millionths number = 0;
    Timestamp instant{};
    Date date{};
    std::string_view text{};  // of a fault: what is wrong
    const json::Array* list = nullptr;
    const std::vector<std::string>* names = nullptr;

    static Datum of(const json::Value*);
    static Datum of(bool value);
    static Datum of(Millionths value);
    static Datum of(Timestamp value);
    static Datum of(Date value);
    static Datum of(std::string_view value);
    static Datum fault(std::string_view what);
};

const char* noun_of(DatumKind);  // "a number"
json::Value json_of(const Datum&);
std::string text_of(const Datum&);  // as a person would write it

}  // namespace pamoja::access
