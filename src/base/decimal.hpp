#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pamoja {

// Room for the product of two 64-bit numbers. Not ISO C++, but of every compiler that we build with.
__extension__ typedef __int128 Int128;

// What happens to what does not fit: toward zero, away from zero, half away from zero, half to even.
enum class Rounding { down, up, half_up, half_even };

// numerator / denominator with the given rounding, exact for any 128-bit numerator. The denominator is
// positive.
Int128 divide(Int128 numerator, Int128 denominator, Rounding);

// Narrows to 64 bits. Throws Failure(validation_failed) when the value does not fit: an amount beyond any
// book.
std::int64_t narrow(Int128 value);

// Reads a decimal text ("-12.5", "1.25e3") as an integer scaled by 10^digits. Empty when it is not a decimal
// number, does not fit, or has more decimals than `digits` (trailing zeros do not count).
std::optional<std::int64_t> parse_scaled(std::string_view text, int digits);

// Writes value / 10^digits as decimal text with at least `decimals_min` decimals ("12.5", "12.50").
std::string format_scaled(std::int64_t value, int digits, int decimals_min);

}  // namespace pamoja
