#include "base/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "base/failure.hpp"

namespace pamoja {
namespace {

bool rounds_away(Int128 remainder, Int128 denominator, bool quotient_is_odd, Rounding rounding) {
    if (remainder == 0) return false;
    const Int128 twice = 2 * (remainder < 0 ? -remainder : remainder);
    switch (rounding) {
        case Rounding::down:
            return false;
        case Rounding::up:
            return true;
        case Rounding::half_up:
            return twice >= denominator;
        case Rounding::half_even:
            return twice > denominator || (twice == denominator && quotient_is_odd);
    }
    std::abort();
}

// A decimal number taken apart: digits without the point, and the power of ten that they are scaled by.
struct Decimal {
    bool negative = false;
    std::string digits;
    int exponent = 0;
};

std::size_t take_digits(std::string_view& text, std::string& digits) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    digits.append(text.substr(0, count));
    text.remove_prefix(count);
    return count;
}

std::optional<int> take_exponent(std::string_view text) {
    if (text.empty()) return 0;
    if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
    text.remove_prefix(1);
    if (text.size() > 1 && text[0] == '+') text.remove_prefix(1);
    int exponent = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc() || end != text.data() + text.size() || std::abs(exponent) > 400)
        return std::nullopt;
    return exponent;
}

std::optional<Decimal> take_apart(std::string_view text) {
    Decimal number;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        number.negative = text[0] == '-';
        text.remove_prefix(1);
    }
    if (text.size() > 500 || take_digits(text, number.digits) == 0) return std::nullopt;
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        const auto decimals = take_digits(text, number.digits);
        if (decimals == 0) return std::nullopt;
        number.exponent = -static_cast<int>(decimals);
    }
    const auto exponent = take_exponent(text);
    if (!exponent) return std::nullopt;
    number.exponent += *exponent;
    return number;
}

}  // namespace

Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding) {
    const Int128 quotient = numerator / denominator;
    const Int128 remainder = numerator % denominator;
    if (!rounds_away(remainder, denominator, quotient % 2 != 0, rounding)) return quotient;
    return numerator < 0 ? quotient - 1 : quotient + 1;
}

std::int64_t narrow(Int128 value) {
    require(value <= std::numeric_limits<std::int64_t>::max() &&
                value >= std::numeric_limits<std::int64_t>::min(),
            validation_failed, "The amount is too large.");
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> parse_scaled(std::string_view text, int digits) {
    auto number = take_apart(text);
    if (!number) return std::nullopt;
    int shift = number->exponent + digits;
    while (shift < 0 && !number->digits.empty() && number->digits.back() == '0') {
        number->digits.pop_back();
        ++shift;
    }
    number->digits.erase(0, std::min(number->digits.find_first_not_of('0'), number->digits.size()));
    if (number->digits.empty()) return 0;
    if (shift < 0 || static_cast<int>(number->digits.size()) + shift > 19) return std::nullopt;
    number->digits.append(static_cast<std::size_t>(shift), '0');
    if (number->negative) number->digits.insert(0, "-");
    std::int64_t value = 0;
    const char* last = number->digits.data() + number->digits.size();
    auto [end, error] = std::from_chars(number->digits.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
}

std::string format_scaled(std::int64_t value, int digits, int decimals_min) {
    std::string text = std::to_string(value);
    const bool negative = text[0] == '-';
    if (negative) text.erase(0, 1);
    const auto width = static_cast<std::size_t>(digits);
    if (text.size() <= width) text.insert(0, width + 1 - text.size(), '0');
    if (digits > 0) {
        text.insert(text.size() - width, ".");
        const auto shortest = text.size() - width + static_cast<std::size_t>(decimals_min);
        while (text.size() > shortest && text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return negative ? "-" + text : text;
}

}  // namespace pamoja
