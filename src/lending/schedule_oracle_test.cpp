// Schedules against figures that another system's tests expect (tests/oracles, with their source and
// licence).
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "json/value.hpp"
#include "lending/internal/interest.hpp"
#include "lending/schedule.hpp"

namespace pamoja::lending {
namespace {

const json::Value& oracle() {
    static const json::Value value = [] {
        std::ifstream file("tests/oracles/fineract_schedules.json");
        if (!file) throw std::runtime_error("tests/oracles/fineract_schedules.json is missing");
        return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    }();
    return value;
}

const json::Value& member(const json::Value& object, std::string_view path) {
    const auto* found = object.at(path);
    if (!found) throw std::runtime_error("the oracle has no " + std::string(path));
    return *found;
}

std::string text(const json::Value& object, std::string_view path) {
    return member(object, path).text_or_empty();
}
int number(const json::Value& object, std::string_view path) {
    return std::stoi(text(object, path));
}
Date date(const std::string& iso) {
    return Date::parse(iso).value();
}
Money money(const std::string& major) {
    return Money::parse_major(major, Currency("EUR")).value();
}

FrequencyUnit unit_of(const std::string& name) {
    if (name == "DAYS") return FrequencyUnit::days;
    return name == "WEEKS" ? FrequencyUnit::weeks : FrequencyUnit::months;
}

DaysInYear year_of(const std::string& name) {
    if (name == "360") return DaysInYear::fixed_360;
    if (name == "364") return DaysInYear::fixed_364;
    return name == "365" ? DaysInYear::fixed_365 : DaysInYear::actual;
}

DaysInMonth month_of(const std::string& name) {
    return name == "30" ? DaysInMonth::fixed_30 : DaysInMonth::actual;
}

std::optional<std::int64_t> multiple_of(const json::Value& product) {
    const auto& multiple = member(product, "instalment_multiple");
    if (multiple.is_null()) return std::nullopt;
    return money(multiple.text_or_empty()).minor();
}

ScheduleTerms pristine_terms(const json::Value& example) {
    const auto& loan = member(example, "loan");
    const auto& product = member(loan, "product");
    const bool is_flat = text(loan, "interest_type") == "FLAT";
    const bool is_daily = text(loan, "interest_period") == "DAILY";
    const bool is_equal = text(loan, "amortization") == "EQUAL_INSTALLMENTS";
    const bool is_progressive = text(product, "schedule_type") == "PROGRESSIVE";
    return {.principal = money(text(example, "disbursed")),
            .annual_rate = Rate::parse(text(loan, "annual_rate_pct")).value(),
            .method = is_flat ? InterestMethod::flat : InterestMethod::declining_balance,
            .amortisation = is_equal ? Amortisation::equal_instalments : Amortisation::equal_principal,
            .interest_period = is_daily ? InterestPeriod::daily : InterestPeriod::same_as_repayment,
            .frequency = {unit_of(text(loan, "repay_unit")), number(loan, "repay_every")},
            .instalments = number(loan, "instalments"),
            .grace_on_principal = number(loan, "grace_principal"),
            .grace_on_interest_payment = number(loan, "grace_interest_payment"),
            .instalment_multiple = multiple_of(product),
            .days_in_year = year_of(text(product, "days_in_year")),
            .days_in_month = month_of(text(product, "days_in_month")),
            .style = is_progressive ? ScheduleStyle::progressive : ScheduleStyle::cumulative,
            .disbursed_on = date(text(example, "disbursed_on"))};
}

// A row of the oracle by the names of its columns.
class Row {
  public:
    Row(const json::Value& schedule, const json::Value& cells)
        : columns_(*member(schedule, "columns").array()), cells_(*cells.array()) {}

    std::string operator[](std::string_view column) const {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (columns_[i].text_or_empty() == column) return cells_.at(i).text_or_empty();
        throw std::runtime_error("the oracle has no column " + std::string(column));
    }

  private:
    const json::Array& columns_;
    const json::Array& cells_;
};

std::vector<Row> rows_of(const json::Value& example) {
    const auto& schedule = member(example, "schedule");
    std::vector<Row> rows;
    for (const auto& cells : *member(schedule, "rows").array()) rows.emplace_back(schedule, cells);
    return rows;
}

void expect_amounts(const Instalment& made, const Row& row) {
    EXPECT_EQ(std::to_string(made.number), row["nr"]);
    EXPECT_EQ(made.principal.major_text(), row["principal"]);
    EXPECT_EQ(made.interest.major_text(), row["interest"]);
    EXPECT_EQ(made.due().major_text(), row["due"]);
    EXPECT_EQ(made.balance_after.major_text(), row["balance"]);
}

TEST(OracleSchedule, ComesOutToTheCentForEveryProduct) {
    const auto& examples = *member(oracle(), "pristine").array();
    ASSERT_EQ(examples.size(), 17u);
    for (const auto& example : examples) {
        SCOPED_TRACE(text(example, "id"));
        const auto made = schedule(pristine_terms(example));
        const auto rows = rows_of(example);
        ASSERT_EQ(made.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            expect_amounts(made[i], rows[i]);
            EXPECT_EQ(std::to_string(made[i].days()), rows[i]["days"]);
            EXPECT_EQ(made[i].due_on.text(), rows[i]["date"]);
        }
        const auto sum = totals(made);
        EXPECT_EQ(sum.principal.major_text(), text(example, "totals.principal"));
        EXPECT_EQ(sum.interest.major_text(), text(example, "totals.interest"));
        EXPECT_EQ(sum.due().major_text(), text(example, "totals.due"));
    }
}

ScheduleTerms emi_terms(const json::Value& example) {
    const auto& disbursement = member(example, "disbursements").array()->front();
    ScheduleTerms terms{.principal = money(text(disbursement, "amount")),
                        .annual_rate = Rate::parse(text(example, "annual_rate_pct")).value(),
                        .frequency = {unit_of(text(example, "repay_unit")), number(example, "repay_every")},
                        .instalments = static_cast<int>(rows_of(example).size()),
                        .instalment_multiple = multiple_of(example),
                        .days_in_year = year_of(text(example, "days_in_year")),
                        .days_in_month = month_of(text(example, "days_in_month")),
                        .style = ScheduleStyle::progressive,
                        .disbursed_on = date(text(disbursement, "date"))};
    if (example.find("schedule_start")) terms.starts_on = date(text(example, "schedule_start"));
    return terms;
}

// Some examples print a due date that is not the start of the next period. Periods are what is computed on,
// so the start of the next one is what counts; the last has no next and follows the terms.
std::vector<Date> emi_dates(const ScheduleTerms& terms, const std::vector<Row>& rows) {
    const bool is_consistent = [&] {
        for (std::size_t i = 0; i + 1 < rows.size(); ++i)
            if (rows[i]["date"] != rows[i + 1]["from"]) return false;
        return true;
    }();
    auto dates = due_dates(terms);
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) dates[i] = date(rows[i + 1]["from"]);
    if (is_consistent) dates.back() = date(rows.back()["date"]);
    return dates;
}

std::string rate_factor_text(const ScheduleTerms& terms, const Instalment& made) {
    const Period period{made.number, made.from, made.from, made.due_on};
    const auto decimals = divide(period_rate(terms, period).fixed(), 1'000'000, Rounding::half_even);
    return format_scaled(narrow(decimals), 12, made.interest.is_zero() ? 1 : 12);
}

TEST(OracleSchedule, MatchesEverySingleDisbursementOfTheInstalmentCalculator) {
    int checked = 0;
    for (const auto& example : *member(oracle(), "emi").array()) {
        if (member(example, "disbursements").array()->size() != 1) continue;
        SCOPED_TRACE(text(example, "id"));
        const auto terms = emi_terms(example);
        const auto rows = rows_of(example);
        const auto made = schedule_on(terms, emi_dates(terms, rows));
        const bool has_factors = text(example, "id").starts_with("EMI");
        for (std::size_t i = 0; i < rows.size(); ++i) {
            expect_amounts(made[i], rows[i]);
            EXPECT_EQ(made[i].from.text(), rows[i]["from"]);
            if (has_factors) {
                EXPECT_EQ(rate_factor_text(terms, made[i]), rows[i]["rate_factor"]);
            }
        }
        ++checked;
    }
    EXPECT_EQ(checked, 10);
}

TEST(OracleSchedule, KeepsTheSeedDayInEveryMonth) {
    const auto& examples = *member(oracle(), "due_dates").array();
    ASSERT_EQ(examples.size(), 4u);
    for (const auto& example : examples) {
        SCOPED_TRACE(text(example, "id"));
        const auto& expected = *member(example, "due_dates").array();
        const Date first = date(text(example, "first_due_on"));
        const auto made =
            due_dates({.principal = money("1000"),
                       .frequency = {unit_of(text(example, "repay_unit")), number(example, "repay_every")},
                       .instalments = static_cast<int>(expected.size()),
                       .disbursed_on = first.plus_days(-20),
                       .first_due_on = first});
        for (std::size_t i = 0; i < expected.size(); ++i)
            EXPECT_EQ(made.at(i).text(), expected[i].text_or_empty());
    }
}

TEST(RateFactor, KeepsTwelveSignificantDigits) {
    EXPECT_TRUE(to_significant(13'315'561'643'835'616) == 13'315'561'643'800'000);
    EXPECT_TRUE(to_significant(123'456'789'012) == 123'456'789'012);
    EXPECT_TRUE(to_significant(1'000'000'000'005) == 1'000'000'000'000);  // half goes to even
    EXPECT_TRUE(to_significant(1'000'000'000'015) == 1'000'000'000'020);
    EXPECT_TRUE(to_significant(0) == 0);
}

}  // namespace
}  // namespace pamoja::lending
