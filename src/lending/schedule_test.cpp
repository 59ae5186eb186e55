#include "lending/schedule.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/random.hpp"

namespace pamoja::lending {
namespace {

Money kes(std::int64_t minor) {
    return Money(minor, Currency());
}

ScheduleTerms flexi_terms(std::int64_t principal, int percent, int months) {
    return {.principal = kes(principal),
            .annual_rate = Rate::percent(percent),
            .method = InterestMethod::flat,
            .instalments = months,
            .style = ScheduleStyle::flexi_flat,
            .disbursed_on = Date(2025, 12, 2),
            .due_day_of_month = 15};
}

TEST(FlexiFlat, GivesTheDocumentedLoan) {
    const auto made = schedule(flexi_terms(10'000'00, 15, 3));
    ASSERT_EQ(made.size(), 3u);
    const std::vector<Instalment> expected{
        {1, Date(2025, 12, 2), Date(2025, 12, 15), kes(3333'00), kes(125'00), kes(6667'00)},
        {2, Date(2025, 12, 15), Date(2026, 1, 15), kes(3333'00), kes(125'00), kes(3334'00)},
        {3, Date(2026, 1, 15), Date(2026, 2, 15), kes(3334'00), kes(125'00), kes(0)}};
    EXPECT_EQ(made, expected);
    EXPECT_EQ(totals(made).interest, kes(375'00));
    EXPECT_EQ(totals(made).due(), kes(10'375'00));
}

TEST(FlexiFlat, FollowsTheRuleForOtherLoans) {
    const struct {
        std::int64_t principal;
        int percent;
        int months;
        std::int64_t interest, monthly, last;
    } cases[] = {
        {15'000'00, 14, 4, 700'00, 3925'00, 3925'00},
        {10'000'00, 0, 3, 0, 3333'00, 3334'00},
        {10'050'00, 15, 3, 376'88, 3475'00, 3476'88},  // 376.875: a half goes up
        {10'000'00, 15, 12, 1500'00, 958'00, 962'00},  // 833.33 + 125: the instalment is whole, not its parts
        {2'00, 18, 3, 9, 0, 2'09},                     // too small for whole shillings
        {1'00, 1000, 3, 2'50, 1'00, 1'50},
        {5'000'00, 10, 1, 41'67, 5041'67, 5041'67},  // the only one is the last: nothing is rounded off
    };
    for (const auto& test : cases) {
        const auto made = schedule(flexi_terms(test.principal, test.percent, test.months));
        SCOPED_TRACE(std::to_string(test.principal));
        EXPECT_EQ(totals(made).interest, kes(test.interest));
        EXPECT_EQ(totals(made).principal, kes(test.principal));
        EXPECT_EQ(made.front().due(), kes(test.monthly));
        EXPECT_EQ(made.back().due(), kes(test.last));
    }
}

TEST(DueDates, FallOnTheFirstSuchDayStrictlyAfterTheDisbursement) {
    const struct {
        Date disbursed_on;
        int day;
        std::vector<Date> due_on;
    } cases[] = {
        {Date(2025, 12, 14), 15, {Date(2025, 12, 15), Date(2026, 1, 15), Date(2026, 2, 15)}},
        {Date(2025, 12, 15), 15, {Date(2026, 1, 15), Date(2026, 2, 15), Date(2026, 3, 15)}},
        {Date(2025, 12, 31), 31, {Date(2026, 1, 31), Date(2026, 2, 28), Date(2026, 3, 31)}},
        {Date(2024, 1, 31), 30, {Date(2024, 2, 29), Date(2024, 3, 30), Date(2024, 4, 30)}},
        {Date(2024, 2, 29), 31, {Date(2024, 3, 31), Date(2024, 4, 30), Date(2024, 5, 31)}},
    };
    for (const auto& test : cases) {
        auto terms = flexi_terms(1000'00, 15, 3);
        terms.disbursed_on = test.disbursed_on;
        terms.due_day_of_month = test.day;
        EXPECT_EQ(due_dates(terms), test.due_on);
    }
}

TEST(DueDates, CountDaysAndWeeksFromTheDisbursement) {
    ScheduleTerms terms{.principal = kes(1000'00), .instalments = 2, .disbursed_on = Date(2024, 2, 28)};
    terms.frequency = {FrequencyUnit::weeks, 2};
    EXPECT_EQ(due_dates(terms), (std::vector{Date(2024, 3, 13), Date(2024, 3, 27)}));
    terms.frequency = {FrequencyUnit::days, 1};
    EXPECT_EQ(due_dates(terms), (std::vector{Date(2024, 2, 29), Date(2024, 3, 1)}));
}

TEST(Progressive, EvensTheLastInstalmentOutWhereThatHelps) {
    const struct {
        std::int64_t principal;
        int percent, months;
        std::int64_t instalment, last, interest;
    } cases[] = {
        {137'00, 24, 12, 12'96, 12'90, 18'46},    // 12.95 would leave 13.03
        {285'00, 12, 48, 7'50, 7'81, 75'31},      // 7.51 would leave 7.17
        {250'00, 33, 60, 8'56, 7'91, 262'95},     // 8.55 would leave 9.22, which is further off
        {1000'00, 12, 24, 47'07, 47'18, 129'79},  // eleven cents over 24 instalments are no cent for each
    };
    for (const auto& test : cases) {
        const auto made = schedule({.principal = kes(test.principal),
                                    .annual_rate = Rate::percent(test.percent),
                                    .instalments = test.months,
                                    .days_in_year = DaysInYear::fixed_360,
                                    .days_in_month = DaysInMonth::fixed_30,
                                    .style = ScheduleStyle::progressive,
                                    .disbursed_on = Date(2025, 1, 1)});
        EXPECT_EQ(made.front().due(), kes(test.instalment));
        EXPECT_EQ(made.back().due(), kes(test.last));
        EXPECT_EQ(totals(made).interest, kes(test.interest));
    }
}

TEST(Schedule, CollectsDeferredInterestOnceTheGraceIsOver) {
    ScheduleTerms terms{.principal = kes(1200'00),
                        .annual_rate = Rate::percent(12),
                        .method = InterestMethod::flat,
                        .instalments = 4,
                        .grace_on_interest_payment = 2,
                        .disbursed_on = Date(2025, 1, 1)};
    const auto made = schedule(terms);
    EXPECT_EQ(made[0].interest, kes(0));
    EXPECT_EQ(made[1].interest, kes(0));
    EXPECT_EQ(made[2].interest, kes(36'00));
    EXPECT_EQ(made[3].interest, kes(12'00));
    for (const auto& instalment : made) EXPECT_EQ(instalment.principal, kes(300'00));
}

TEST(Schedule, ChargesPartOfAPeriodOnlyFromTheDisbursement) {
    ScheduleTerms terms{.principal = kes(1000'00),
                        .annual_rate = Rate::parse("36.5").value(),
                        .interest_period = InterestPeriod::daily,
                        .instalments = 1,
                        .disbursed_on = Date(2025, 1, 22),
                        .starts_on = Date(2025, 1, 1)};
    EXPECT_EQ(schedule(terms).front().interest, kes(10'00));  // ten days at a thousandth a day
    EXPECT_EQ(schedule(terms).front().from, Date(2025, 1, 1));
}

TEST(Schedule, WorksInCurrenciesWithoutMinorUnits) {
    const Currency ugx("UGX");
    auto terms = flexi_terms(1, 15, 3);
    terms.principal = Money(10'000, ugx);
    const auto made = schedule(terms);
    EXPECT_EQ(made[0].due(), Money(3458, ugx));
    EXPECT_EQ(made[2].due(), Money(3459, ugx));
}

TEST(Schedule, RefusesTermsThatMakeNoLoan) {
    const ScheduleTerms good{.principal = kes(1000'00), .instalments = 6, .disbursed_on = Date(2025, 1, 1)};
    ASSERT_NO_THROW(schedule(good));
    const std::vector<std::pair<const char*, std::function<void(ScheduleTerms&)>>> spoilers{
        {"no principal", [](auto& t) { t.principal = kes(0); }},
        {"negative principal", [](auto& t) { t.principal = kes(-1); }},
        {"immense principal", [](auto& t) { t.principal = kes(1'000'000'000'000'001); }},
        {"negative rate", [](auto& t) { t.annual_rate = Rate::micropercent(-1); }},
        {"immense rate", [](auto& t) { t.annual_rate = Rate::percent(1001); }},
        {"no instalments", [](auto& t) { t.instalments = 0; }},
        {"too many", [](auto& t) { t.instalments = 1201; }},
        {"never", [](auto& t) { t.frequency.every = 0; }},
        {"rarer than yearly", [](auto& t) { t.frequency.every = 13; }},
        {"too far away", [](auto& t) { t.instalments = 1200, t.frequency.every = 12; }},
        {"all grace", [](auto& t) { t.grace_on_principal = 6; }},
        {"all interest grace", [](auto& t) { t.grace_on_interest_payment = 6; }},
        {"multiple of zero", [](auto& t) { t.instalment_multiple = 0; }},
        {"day 0", [](auto& t) { t.due_day_of_month = 0; }},
        {"day 32", [](auto& t) { t.due_day_of_month = 32; }},
        {"a day of the month of weeks",
         [](auto& t) { t.due_day_of_month = 1, t.frequency.unit = FrequencyUnit::weeks; }},
        {"due at once", [](auto& t) { t.first_due_on = t.disbursed_on; }},
        {"starts later", [](auto& t) { t.starts_on = t.disbursed_on.plus_days(1); }},
        {"due before paid out", [](auto& t) { t.starts_on = t.disbursed_on.plus_days(-40); }},
        {"progressive and flat",
         [](auto& t) { t.style = ScheduleStyle::progressive, t.method = InterestMethod::flat; }},
        {"flexi and declining", [](auto& t) { t.style = ScheduleStyle::flexi_flat; }}};
    for (const auto& [name, spoil] : spoilers) {
        auto terms = good;
        spoil(terms);
        try {
            schedule(terms);
            ADD_FAILURE() << name << " was accepted";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), invalid_loan_terms) << name;
        }
    }
}

TEST(Schedule, RefusesDueDatesThatDoNotFit) {
    const ScheduleTerms terms{.principal = kes(1000'00), .instalments = 2, .disbursed_on = Date(2025, 1, 1)};
    const Date first(2025, 2, 1);
    const std::vector<std::vector<Date>> wrong{
        {}, {first}, {first, first}, {first, Date(2025, 1, 15)}, {Date(2025, 1, 1), first}};
    for (const auto& dates : wrong) EXPECT_THROW(schedule_on(terms, dates), Failure);
    EXPECT_EQ(schedule_on(terms, std::vector{first, Date(2025, 3, 15)}).back().days(), 42);
}

// Terms of any kind that check accepts.
class AnyTerms {
  public:
    explicit AnyTerms(std::uint64_t seed) : random_(seed) {}

    ScheduleTerms next() {
        ScheduleTerms terms;
        terms.style = static_cast<ScheduleStyle>(below(3));
        const bool is_flexi = terms.style == ScheduleStyle::flexi_flat;
        terms.principal = kes(1 + below(chance(20)   ? 1'000'000'000'000'000
                                        : chance(50) ? 1000
                                                     : 100'000'000));
        terms.annual_rate = Rate::micropercent(below(chance(10) ? 1'000'000'001 : 60'000'001));
        const bool is_flat = is_flexi || (terms.style == ScheduleStyle::cumulative && chance(50));
        terms.method = is_flat ? InterestMethod::flat : InterestMethod::declining_balance;
        terms.amortisation = static_cast<Amortisation>(below(2));
        terms.interest_period = static_cast<InterestPeriod>(below(2));
        terms.frequency = {static_cast<FrequencyUnit>(below(3)), 1 + static_cast<int>(below(12))};
        terms.instalments = 1 + static_cast<int>(below(60));
        if (!is_flexi && chance(30)) terms.grace_on_principal = static_cast<int>(below(terms.instalments));
        if (!is_flexi && chance(30))
            terms.grace_on_interest_payment = static_cast<int>(below(terms.instalments));
        if (chance(30)) terms.instalment_multiple = 1 + below(10'000);
        terms.days_in_year = static_cast<DaysInYear>(below(4));
        terms.days_in_month = static_cast<DaysInMonth>(below(2));
        terms.disbursed_on = Date(2023, 12, 1).plus_days(static_cast<int>(below(800)));
        if (chance(30)) terms.first_due_on = terms.disbursed_on.plus_days(1 + static_cast<int>(below(60)));
        if (chance(30) && terms.frequency.unit == FrequencyUnit::months)
            terms.due_day_of_month = 1 + static_cast<int>(below(31));
        return terms;
    }

  private:
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
    }
    bool chance(int percent) { return below(100) < percent; }

    SeededRandom random_;
};

void expect_sound(const ScheduleTerms& terms, const std::vector<Instalment>& made) {
    ASSERT_EQ(made.size(), static_cast<std::size_t>(terms.instalments));
    Money balance = terms.principal;
    Date from = terms.disbursed_on;
    for (const auto& instalment : made) {
        EXPECT_FALSE(instalment.principal.is_negative());
        EXPECT_FALSE(instalment.interest.is_negative());
        EXPECT_EQ(instalment.from, from);
        EXPECT_LT(from, instalment.due_on);
        balance -= instalment.principal;
        EXPECT_EQ(instalment.balance_after, balance);
        if (instalment.number <= terms.grace_on_principal) {
            EXPECT_TRUE(instalment.principal.is_zero());
        }
        if (instalment.number <= terms.grace_on_interest_payment) {
            EXPECT_TRUE(instalment.interest.is_zero());
        }
        from = instalment.due_on;
    }
    EXPECT_TRUE(made.back().balance_after.is_zero());
    EXPECT_EQ(totals(made).principal, terms.principal);
}

// Flat interest is known in advance: it must be there to the cent, however it is spread.
void expect_exact_flat_interest(const ScheduleTerms& terms, const std::vector<Instalment>& made) {
    constexpr std::array<int, 3> periods_in_year{365, 52, 12};
    const auto unit = static_cast<std::size_t>(terms.frequency.unit);
    const bool is_flexi = terms.style == ScheduleStyle::flexi_flat;
    if (!is_flexi && terms.interest_period == InterestPeriod::daily) return;
    const Int128 share = Int128{terms.annual_rate.micropercent()} * terms.frequency.every * terms.instalments;
    EXPECT_EQ(totals(made).interest,
              terms.principal.scaled(share, Int128{100'000'000} * periods_in_year[unit],
                                     is_flexi ? Rounding::half_up : Rounding::half_even));
}

void expect_equal_but_the_last(const ScheduleTerms& terms, const std::vector<Instalment>& made) {
    if (terms.style != ScheduleStyle::flexi_flat) return;
    const std::int64_t unit = terms.instalment_multiple.value_or(100);
    for (std::size_t i = 0; i + 1 < made.size(); ++i) {
        EXPECT_EQ(made[i].due(), made[0].due());
        EXPECT_EQ(made[i].due().minor() % unit, 0);
    }
    EXPECT_GE(made.back().due(), made.front().due());
    EXPECT_LT(made.back().due().minor() - made.front().due().minor(), unit * terms.instalments);
}

TEST(Schedule, AddsUpExactlyForAnyTerms) {
    const std::uint64_t seed = SystemRandom().next();
    SCOPED_TRACE("seed " + std::to_string(seed));
    AnyTerms any(seed);
    for (int round = 0; round < 5000 && !testing::Test::HasFailure(); ++round) {
        const auto terms = any.next();
        SCOPED_TRACE("round " + std::to_string(round) + ", principal " + terms.principal.major_text() +
                     ", rate " + terms.annual_rate.text() + ", style " +
                     names(terms.style)[std::size_t(terms.style)]);
        const auto made = schedule(terms);
        expect_sound(terms, made);
        if (terms.method == InterestMethod::flat) expect_exact_flat_interest(terms, made);
        expect_equal_but_the_last(terms, made);
    }
}

}  // namespace
}  // namespace pamoja::lending
