#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/failure.hpp"
#include "base/money.hpp"
#include "base/time.hpp"

namespace pamoja::lending {

inline constexpr Reason invalid_loan_terms{FailureKind::invalid, "invalid_loan_terms"};

// Flat interest is on the principal for the whole term; declining interest on what is still owed.
enum class InterestMethod { flat, declining_balance };
constexpr std::array<const char*, 2> names(InterestMethod) {
    return {"flat", "declining_balance"};
}

enum class Amortisation { equal_instalments, equal_principal };
constexpr std::array<const char*, 2> names(Amortisation) {
    return {"equal_instalments", "equal_principal"};
}

// Whether a cumulative schedule counts the real days of each period or takes every period as equally long.
enum class InterestPeriod { daily, same_as_repayment };
constexpr std::array<const char*, 2> names(InterestPeriod) {
    return {"daily", "same_as_repayment"};
}

enum class FrequencyUnit { days, weeks, months };
constexpr std::array<const char*, 3> names(FrequencyUnit) {
    return {"days", "weeks", "months"};
}

enum class DaysInYear { actual, fixed_360, fixed_364, fixed_365 };
constexpr std::array<const char*, 4> names(DaysInYear) {
    return {"actual", "360", "364", "365"};
}

enum class DaysInMonth { actual, fixed_30 };
constexpr std::array<const char*, 2> names(DaysInMonth) {
    return {"actual", "30"};
}

// Which school of arithmetic the schedule follows.
//   cumulative   The instalment comes from the rate of a regular period; a year of actual days has 365.
//   progressive  The instalment comes from the day count of every single period; leap years have 366 days.
//   flexi_flat   Flat interest, instalments in whole major units, the remainder in the last (FlexiFinance).
enum class ScheduleStyle { cumulative, progressive, flexi_flat };
constexpr std::array<const char*, 3> names(ScheduleStyle) {
    return {"cumulative", "progressive", "flexi_flat"};
}

struct Frequency {
    FrequencyUnit unit = FrequencyUnit::months;
    int every = 1;
};

struct ScheduleTerms {
    Money principal{};
    Rate annual_rate{};
    InterestMethod method = InterestMethod::declining_balance;
    Amortisation amortisation = Amortisation::equal_instalments;
    InterestPeriod interest_period = InterestPeriod::same_as_repayment;
    Frequency frequency{};
    int instalments = 1;
    int grace_on_principal = 0;         // instalments at the start that pay interest only
    int grace_on_interest_payment = 0;  // instalments at the start whose interest is collected after them
    std::optional<std::int64_t> instalment_multiple{};  // minor units; equal instalments are rounded to it
    DaysInYear days_in_year = DaysInYear::actual;
    DaysInMonth days_in_month = DaysInMonth::actual;
    ScheduleStyle style = ScheduleStyle::cumulative;
    Date disbursed_on{};
    std::optional<Date> starts_on{};        // the day that periods count from, when it is before disbursed_on
    std::optional<Date> first_due_on{};     // the seed day of all due dates, when it is known
    std::optional<int> due_day_of_month{};  // else the first such day strictly after the start (months only)
};

struct Instalment {
    int number = 0;  // from 1
    Date from;
    Date due_on;
    Money principal;
    Money interest;
    Money balance_after;  // principal that is still owed once this instalment is paid

    Money due() const { return principal + interest; }
    int days() const { return from.days_until(due_on); }
    bool operator==(const Instalment&) const = default;
};

struct ScheduleTotals {
    Money principal;
    Money interest;

    Money due() const { return principal + interest; }
};

// Throws Failure(invalid_loan_terms) unless a schedule can be made of the terms: counts and dates within
// bounds, and a style, method and amortisation that go together.
void check(const ScheduleTerms&);

// The day on which each instalment is due. Months keep the day of the first due date and fall back to the
// last day of a shorter month. Throws what check throws.
std::vector<Date> due_dates(const ScheduleTerms&);

// What is owed when. The principal adds up exactly, no amount is negative, and the last balance is zero.
// Throws what check throws.
std::vector<Instalment> schedule(const ScheduleTerms&);

// The same on given due dates, as many as there are instalments and each later than the one before: for due
// dates that were moved. Throws Failure(invalid_loan_terms) for others.
std::vector<Instalment> schedule_on(const ScheduleTerms&, std::span<const Date> due_on);

// An empty schedule totals nothing.
ScheduleTotals totals(std::span<const Instalment>);

}  // namespace pamoja::lending
