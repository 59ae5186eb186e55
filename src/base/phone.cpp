#include "base/phone.hpp"

#include <algorithm>
#include <array>

namespace pamoja {
namespace {

// The part of a country's numbering plan that mobile phones have.
struct NumberingPlan {
    std::string_view country;
    std::string_view country_code;
    std::size_t national_digits;
    std::string_view first_digits;  // of a mobile number, after the trunk zero
};

constexpr std::array<NumberingPlan, 2> plans{{
    {"KE", "254", 9, "71"},    // 07xx and 01xx
    {"NG", "234", 10, "789"},  // 070x, 080x, 081x, 090x, 091x
}};

constexpr std::size_t e164_digits_min = 8;
constexpr std::size_t e164_digits_max = 15;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Dialled {
    std::string digits;
    bool is_international = false;
};

// Drops what people put between digits. Empty when there is anything else.
std::optional<Dialled> dialled(std::string_view text) {
    Dialled result;
    for (char c : text) {
        if (is_digit(c)) {
            result.digits += c;
        } else if (c == '+') {
            if (result.is_international || !result.digits.empty()) return std::nullopt;
            result.is_international = true;
        } else if (std::string_view(" -.()").find(c) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    if (!result.is_international && result.digits.starts_with("00")) {
        result.is_international = true;
        result.digits.erase(0, 2);
    }
    return result;
}

bool is_mobile(std::string_view national, const NumberingPlan& plan) {
    return national.size() == plan.national_digits &&
           plan.first_digits.find(national[0]) != std::string_view::npos;
}

std::optional<std::string> international(std::string_view digits) {
    for (const NumberingPlan& plan : plans) {
        if (!digits.starts_with(plan.country_code)) continue;
        if (!is_mobile(digits.substr(plan.country_code.size()), plan)) return std::nullopt;
    }
    if (digits.size() < e164_digits_min || digits.size() > e164_digits_max || digits[0] == '0')
        return std::nullopt;
    return "+" + std::string(digits);
}

}  // namespace

std::optional<std::string> normalize_phone(std::string_view text, std::string_view home_country) {
    constexpr std::size_t text_length_max = 32;
    if (text.size() > text_length_max) return std::nullopt;
    auto number = dialled(text);
    if (!number) return std::nullopt;
    std::string_view digits = number->digits;
    if (number->is_international) return international(digits);

    const auto* plan = std::find_if(plans.begin(), plans.end(),
                                    [&](const NumberingPlan& each) { return each.country == home_country; });
    if (plan == plans.end()) return std::nullopt;
    if (digits.starts_with('0')) {
        digits.remove_prefix(1);
    } else if (digits.starts_with(plan->country_code) &&
               digits.size() == plan->country_code.size() + plan->national_digits) {
        digits.remove_prefix(plan->country_code.size());
    }
    if (!is_mobile(digits, *plan)) return std::nullopt;
    return "+" + std::string(plan->country_code) + std::string(digits);
}

std::string mask_phone(std::string_view e164) {
    constexpr std::size_t shown_first = 5;
    constexpr std::size_t shown_last = 3;
    if (e164.size() <= shown_first + shown_last) return "•••";
    std::string masked(e164.substr(0, shown_first));
    for (std::size_t i = shown_first; i < e164.size() - shown_last; ++i) masked += "•";
    return masked.append(e164.substr(e164.size() - shown_last));
}

}  // namespace pamoja
