#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.hpp"

namespace pamoja {

// An ISO 4217 currency. The three letters are held in place; the default is KES.
class Currency {
  public:
    constexpr Currency() = default;
    // Throws Failure(validation_failed) for a code that we do not handle.
    explicit Currency(std::string_view code);

    std::string_view code() const { return {code_, 3}; }
    // Decimals of the minor unit: 2 for KES and NGN, 0 for UGX.
    int decimals() const;
    bool operator==(const Currency&) const = default;
    auto operator<=>(const Currency&) const = default;

  private:
    char code_[4] = {'K', 'E', 'S', 0};
};

// A yearly rate or a share in per cent, exact to a millionth of one per cent (15 % = 15'000'000).
class Rate {
  public:
    constexpr Rate() = default;
    static constexpr Rate micropercent(std::int64_t value) { return Rate(value); }
    static constexpr Rate percent(std::int64_t value) { return Rate(value * 1'000'000); }
    static std::optional<Rate> parse(std::string_view percent);  // "15.0"

    constexpr std::int64_t micropercent() const { return value_; }
    std::string text() const;  // "15.0"
    auto operator<=>(const Rate&) const = default;

  private:
    explicit constexpr Rate(std::int64_t value) : value_(value) {}
    std::int64_t value_ = 0;
};

// An amount in minor units of a currency. Arithmetic is checked: what leaves 64 bits, or mixes currencies,
// throws.
class Money {
  public:
    constexpr Money() = default;
    constexpr Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    static constexpr Money zero(Currency currency = {}) { return {0, currency}; }
    // Reads major units ("1250.5"). Empty when it is no number or has more decimals than the currency.
    static std::optional<Money> parse_major(std::string_view text, Currency);

    constexpr std::int64_t minor() const { return minor_; }
    constexpr const Currency& currency() const { return currency_; }
    bool is_zero() const { return minor_ == 0; }
    bool is_positive() const { return minor_ > 0; }
    bool is_negative() const { return minor_ < 0; }
    std::string major_text() const;     // "1250.50", always with the currency's decimals
    std::string shortest_text() const;  // "1250.5", "1250"

    Money operator-() const { return {-minor_, currency_}; }
    Money& operator+=(const Money&);
    Money& operator-=(const Money&);
    friend Money operator+(Money a, const Money& b) { return a += b; }
    friend Money operator-(Money a, const Money& b) { return a -= b; }
    friend Money operator*(const Money& a, std::int64_t factor) {
        return {narrow(static_cast<Int128>(a.minor_) * factor), a.currency_};
    }
    bool operator==(const Money&) const = default;
    // Throws std::logic_error when the currencies differ.
    std::strong_ordering operator<=>(const Money&) const;

    // This amount times numerator / denominator.
    Money scaled(Int128 numerator, Int128 denominator, Rounding) const;
    // The share of this amount that a percentage makes: 10,000.00 at 5 % = 500.00.
    Money share(const Rate&, Rounding) const;
    // Rounds to a multiple of whole minor units, such as 100 for whole shillings.
    Money to_multiple(std::int64_t minor, Rounding) const;

  private:
    void require_same(const Money&) const;
    std::int64_t minor_ = 0;
    Currency currency_;
};

inline Money min(const Money& a, const Money& b) {
    return b < a ? b : a;
}
inline Money max(const Money& a, const Money& b) {
    return a < b ? b : a;
}

}  // namespace pamoja
