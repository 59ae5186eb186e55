#include "base/money.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/failure.hpp"

namespace pamoja {
namespace {

struct KnownCurrency {
    std::string_view code;
    int decimals;
};

// ISO 4217: the currencies of the markets that the faces serve, and those that money arrives in.
constexpr std::array<KnownCurrency, 13> known_currencies{{{"KES", 2},
                                                          {"NGN", 2},
                                                          {"TZS", 2},
                                                          {"UGX", 0},
                                                          {"RWF", 0},
                                                          {"GHS", 2},
                                                          {"ZAR", 2},
                                                          {"XOF", 0},
                                                          {"XAF", 0},
                                                          {"INR", 2},
                                                          {"USD", 2},
                                                          {"EUR", 2},
                                                          {"GBP", 2}}};

const KnownCurrency* find_currency(std::string_view code) {
    const auto* found = std::ranges::find(known_currencies, code, &KnownCurrency::code);
    return found == known_currencies.end() ? nullptr : found;
}

}  // namespace

Currency::Currency(std::string_view code) {
    require(find_currency(code) != nullptr, validation_failed, "The currency is not supported.");
    std::ranges::copy(code, code_);
}

int Currency::decimals() const {
    return find_currency(code())->decimals;
}

std::optional<Rate> Rate::parse(std::string_view percent) {
    const auto value = parse_scaled(percent, 6);
    if (!value) return std::nullopt;
    return Rate(*value);
}

std::string Rate::text() const {
    return format_scaled(value_, 6, 1);
}

std::optional<Money> Money::parse_major(std::string_view text, Currency currency) {
    const auto minor = parse_scaled(text, currency.decimals());
    if (!minor) return std::nullopt;
    return Money(*minor, currency);
}

std::string Money::major_text() const {
    return format_scaled(minor_, currency_.decimals(), currency_.decimals());
}

std::string Money::shortest_text() const {
    return format_scaled(minor_, currency_.decimals(), 0);
}

Money& Money::operator+=(const Money& other) {
    require_same(other);
    minor_ = narrow(static_cast<Int128>(minor_) + other.minor_);
    return *this;
}

Money& Money::operator-=(const Money& other) {
    require_same(other);
    minor_ = narrow(static_cast<Int128>(minor_) - other.minor_);
    return *this;
}

std::strong_ordering Money::operator<=>(const Money& other) const {
    require_same(other);
    return minor_ <=> other.minor_;
}

Money Money::scaled(Int128 numerator, Int128 denominator, Rounding rounding) const {
    return {narrow(divide(static_cast<Int128>(minor_) * numerator, denominator, rounding)), currency_};
}

Money Money::share(const Rate& rate, Rounding rounding) const {
    return scaled(rate.micropercent(), 100'000'000, rounding);
}

Money Money::to_multiple(std::int64_t minor, Rounding rounding) const {
    return {narrow(divide(minor_, minor, rounding) * minor), currency_};
}

void Money::require_same(const Money& other) const {
    if (currency_ != other.currency_) throw std::logic_error("amounts of different currencies were mixed");
}

}  // namespace pamoja
