#include "lending/internal/interest.hpp"

#include <algorithm>
#include <cstdlib>

namespace pamoja::lending {
namespace {

// Rates are held in millionths of one per cent.
constexpr Int128 rate_one = 100'000'000;

int periods_in_year(FrequencyUnit unit) {
    switch (unit) {
        case FrequencyUnit::days:
            return 365;
        case FrequencyUnit::weeks:
            return 52;
        case FrequencyUnit::months:
            return 12;
    }
    std::abort();
}

int fixed_days_in_year(DaysInYear days) {
    switch (days) {
        case DaysInYear::actual:
        case DaysInYear::fixed_365:
            return 365;
        case DaysInYear::fixed_360:
            return 360;
        case DaysInYear::fixed_364:
            return 364;
    }
    std::abort();
}

Fraction yearly_share(const ScheduleTerms& terms, Int128 part, Int128 whole) {
    return {terms.annual_rate.micropercent() * part, rate_one * whole};
}

Fraction regular_rate(const ScheduleTerms& terms) {
    return yearly_share(terms, terms.frequency.every, periods_in_year(terms.frequency.unit));
}

// Each night belongs to the year that it ends in, so a period over two years is split at 31 December.
Fraction actual_years(const Date& from, const Date& to) {
    Int128 common_days = 0;
    Int128 leap_days = 0;
    for (Date start = from; start < to;) {
        const auto year = start.plus_days(1).calendar().year();
        const Date end = std::min(to, Date(int{year}, 12, 31));
        (year.is_leap() ? leap_days : common_days) += start.days_until(end);
        start = end;
    }
    return {common_days * 366 + leap_days * 365, Int128{365} * 366};
}

Fraction progressive_years(const ScheduleTerms& terms, const Period& period) {
    const int year = fixed_days_in_year(terms.days_in_year);
    if (terms.days_in_month == DaysInMonth::fixed_30 && terms.frequency.unit == FrequencyUnit::months) {
        // A moved due date changes nothing here: the period still counts as its months of 30 days.
        return {Int128{30} * terms.frequency.every * period.accrues_from.days_until(period.due_on),
                Int128{year} * period.from.days_until(period.due_on)};
    }
    if (terms.days_in_year == DaysInYear::actual) return actual_years(period.accrues_from, period.due_on);
    return {period.accrues_from.days_until(period.due_on), year};
}

Fraction progressive_rate(const ScheduleTerms& terms, const Period& period) {
    const auto years = progressive_years(terms, period);
    const auto exact = yearly_share(terms, years.numerator, years.denominator);
    // Twelve digits are kept of a quotient that is itself exact to eighteen decimals.
    return {to_significant(exact.fixed()), fixed_one};
}

}  // namespace

Int128 to_significant(Int128 fixed) {
    constexpr Int128 digits_limit = 1'000'000'000'000;
    Int128 unit = 1;
    while (fixed / unit >= digits_limit) unit *= 10;
    return divide(fixed, unit, Rounding::half_even) * unit;
}

Fraction period_rate(const ScheduleTerms& terms, const Period& period) {
    if (terms.style == ScheduleStyle::progressive) return progressive_rate(terms, period);
    if (terms.interest_period == InterestPeriod::same_as_repayment) return regular_rate(terms);
    return yearly_share(terms, period.accrues_from.days_until(period.due_on),
                        fixed_days_in_year(terms.days_in_year));
}

Fraction instalment_rate(const ScheduleTerms& terms, const Period& period) {
    return terms.style == ScheduleStyle::progressive ? progressive_rate(terms, period) : regular_rate(terms);
}

Fraction flat_rate(const ScheduleTerms& terms, const Date& from, const Date& last_due_on) {
    if (terms.style == ScheduleStyle::cumulative && terms.interest_period == InterestPeriod::daily)
        return yearly_share(terms, from.days_until(last_due_on), fixed_days_in_year(terms.days_in_year));
    return yearly_share(terms, Int128{terms.frequency.every} * terms.instalments,
                        periods_in_year(terms.frequency.unit));
}

}  // namespace pamoja::lending
