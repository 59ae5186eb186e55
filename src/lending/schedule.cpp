#include "lending/schedule.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "lending/internal/amortisation.hpp"

namespace pamoja::lending {
namespace {

// Within these bounds no product of an amount, a rate factor and a day count leaves 128 bits.
constexpr std::int64_t principal_max = 1'000'000'000'000'000;
constexpr Rate annual_rate_max = Rate::percent(1000);
constexpr int instalments_max = 1200;
constexpr int years_max = 200;

int every_max(FrequencyUnit unit) {
    switch (unit) {
        case FrequencyUnit::days:
            return 366;
        case FrequencyUnit::weeks:
            return 52;
        case FrequencyUnit::months:
            return 12;
    }
    std::abort();
}

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
    return value >= low && value <= high;
}

void check_amounts(const ScheduleTerms& terms) {
    require(terms.principal.is_positive() && terms.principal.minor() <= principal_max, invalid_loan_terms,
            "The principal of a loan must be above zero and within what can be lent.");
    require(terms.annual_rate >= Rate() && terms.annual_rate <= annual_rate_max, invalid_loan_terms,
            "The yearly interest rate must be between 0 and 1000 per cent.");
    require(!terms.instalment_multiple || within(*terms.instalment_multiple, 1, principal_max),
            invalid_loan_terms, "The multiple that instalments are rounded to must be above zero.");
}

void check_counts(const ScheduleTerms& terms) {
    require(within(terms.instalments, 1, instalments_max), invalid_loan_terms,
            "A loan has between 1 and 1200 instalments.");
    require(within(terms.frequency.every, 1, every_max(terms.frequency.unit)), invalid_loan_terms,
            "Instalments must be due at least once a year.");
    require(within(terms.grace_on_principal, 0, terms.instalments - 1) &&
                within(terms.grace_on_interest_payment, 0, terms.instalments - 1),
            invalid_loan_terms, "A grace period must end before the last instalment.");
}

void check_style(const ScheduleTerms& terms) {
    const bool is_flat = terms.method == InterestMethod::flat;
    switch (terms.style) {
        case ScheduleStyle::cumulative:
            return;
        case ScheduleStyle::progressive:
            require(!is_flat, invalid_loan_terms,
                    "A progressive schedule needs interest on the declining balance.");
            return;
        case ScheduleStyle::flexi_flat:
            require(is_flat && terms.grace_on_principal == 0 && terms.grace_on_interest_payment == 0,
                    invalid_loan_terms, "This kind of schedule has flat interest and no grace period.");
            return;
    }
}

void check_dates(const ScheduleTerms& terms) {
    require(!terms.starts_on || *terms.starts_on <= terms.disbursed_on, invalid_loan_terms,
            "The first period cannot start after the money is paid out.");
    require(!terms.first_due_on || *terms.first_due_on > terms.disbursed_on, invalid_loan_terms,
            "The first instalment must be due after the money is paid out.");
    require(!terms.due_day_of_month ||
                (within(*terms.due_day_of_month, 1, 31) && terms.frequency.unit == FrequencyUnit::months),
            invalid_loan_terms,
            "A day of the month goes with monthly instalments and lies between 1 and 31.");
}

Date periods_after(const Date& seed, const Frequency& frequency, int count) {
    switch (frequency.unit) {
        case FrequencyUnit::days:
            return seed.plus_days(frequency.every * count);
        case FrequencyUnit::weeks:
            return seed.plus_days(7 * frequency.every * count);
        case FrequencyUnit::months:
            return seed.plus_months(frequency.every * count);
    }
    std::abort();
}

Date day_in_month(const Date& any_day_of_it, int months_later, int day) {
    const auto calendar = any_day_of_it.calendar();
    const Date last_of_january(int{calendar.year()}, 1, 31);
    const auto last =
        last_of_january.plus_months(static_cast<int>(unsigned{calendar.month()}) - 1 + months_later);
    const int days_in_month = static_cast<int>(unsigned{last.calendar().day()});
    return last.plus_days(std::min(day, days_in_month) - days_in_month);
}

// FlexiFinance 2.5: the first such day strictly after the disbursement.
std::vector<Date> dates_on_day(const ScheduleTerms& terms, int day) {
    const Date start = terms.starts_on.value_or(terms.disbursed_on);
    int months_later = 0;
    while (day_in_month(start, months_later, day) <= terms.disbursed_on) ++months_later;
    std::vector<Date> dates;
    for (int number = 0; number < terms.instalments; ++number)
        dates.push_back(day_in_month(start, months_later + number * terms.frequency.every, day));
    return dates;
}

std::vector<Period> periods_of(const ScheduleTerms& terms, std::span<const Date> due_on) {
    std::vector<Period> periods;
    Date from = terms.starts_on.value_or(terms.disbursed_on);
    for (const Date& due : due_on) {
        periods.push_back({.number = static_cast<int>(periods.size()) + 1,
                           .from = from,
                           .accrues_from = std::max(from, terms.disbursed_on),
                           .due_on = due});
        from = due;
    }
    return periods;
}

}  // namespace

void check(const ScheduleTerms& terms) {
    check_amounts(terms);
    check_counts(terms);
    check_style(terms);
    check_dates(terms);
}

std::vector<Date> due_dates(const ScheduleTerms& terms) {
    check(terms);
    if (!terms.first_due_on && terms.due_day_of_month) return dates_on_day(terms, *terms.due_day_of_month);
    const Date seed = terms.first_due_on ? *terms.first_due_on : terms.starts_on.value_or(terms.disbursed_on);
    const int first = terms.first_due_on ? 0 : 1;
    std::vector<Date> dates;
    for (int number = 0; number < terms.instalments; ++number)
        dates.push_back(periods_after(seed, terms.frequency, number + first));
    return dates;
}

std::vector<Instalment> schedule(const ScheduleTerms& terms) {
    return schedule_on(terms, due_dates(terms));
}

std::vector<Instalment> schedule_on(const ScheduleTerms& terms, std::span<const Date> due_on) {
    check(terms);
    require(due_on.size() == static_cast<std::size_t>(terms.instalments), invalid_loan_terms,
            "Every instalment needs exactly one due date.");
    require(due_on.front() > terms.disbursed_on, invalid_loan_terms,
            "The first instalment must be due after the money is paid out.");
    require(std::ranges::adjacent_find(due_on, std::greater_equal<>()) == due_on.end(), invalid_loan_terms,
            "Each instalment must be due after the one before.");
    require(due_on.back() <= terms.disbursed_on.plus_months(12 * years_max), invalid_loan_terms,
            "The last due date of the loan is too far away.");
    const auto periods = periods_of(terms, due_on);
    if (terms.style == ScheduleStyle::flexi_flat) return amortise_in_whole_units(terms, periods);
    if (terms.method == InterestMethod::flat) return amortise_flat(terms, periods);
    return amortise_declining(terms, periods);
}

ScheduleTotals totals(std::span<const Instalment> instalments) {
    if (instalments.empty()) return {};
    const auto currency = instalments.front().principal.currency();
    ScheduleTotals sum{Money::zero(currency), Money::zero(currency)};
    for (const auto& instalment : instalments) {
        sum.principal += instalment.principal;
        sum.interest += instalment.interest;
    }
    return sum;
}

}  // namespace pamoja::lending
