#pragma once
#include "base/decimal.hpp"
#include "lending/schedule.hpp"

namespace pamoja::lending {

// One step of a schedule before its amounts are known.
struct Period {
    int number = 0;
    Date from;
    Date accrues_from;  // later than `from` only where the money was paid out within the period
    Date due_on;
};

// 10^18: what factors in fixed point are scaled by.
inline constexpr Int128 fixed_one = 1'000'000'000'000'000'000;

// A share of an amount, exact. The denominator is positive.
struct Fraction {
    Int128 numerator = 0;
    Int128 denominator = 1;

    Money of(const Money& amount) const { return amount.scaled(numerator, denominator, Rounding::half_even); }
    Int128 fixed() const {
        if (denominator == fixed_one) return numerator;
        return divide(numerator * fixed_one, denominator, Rounding::half_even);
    }
};

// Rounds a fixed-point factor to 12 significant digits, half to even.
Int128 to_significant(Int128 fixed);

// The interest that one unit of balance earns over a period.
Fraction period_rate(const ScheduleTerms&, const Period&);

// The rate that the equal instalment is computed from, which a cumulative schedule takes from a regular
// period even where it counts the interest by the day.
Fraction instalment_rate(const ScheduleTerms&, const Period&);

// Flat interest for the whole term: principal x rate x term.
Fraction flat_rate(const ScheduleTerms&, const Date& from, const Date& last_due_on);

}  // namespace pamoja::lending
