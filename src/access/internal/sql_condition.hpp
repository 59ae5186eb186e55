#pragma once
#include <optional>
#include <string>
#include <vector>

#include "access/internal/evaluation.hpp"
#include "access/row_filter.hpp"

namespace pamoja::access {

// A piece of SQL that may be known before any row is looked at. In a WHERE without negation null is as good
// as false, so pieces may be null where they mean false.
struct Sql {
    enum class Kind { never, always, some };
    Kind kind = Kind::never;
    std::string text{};

    static Sql never() { return {}; }
    static Sql always() { return {Kind::always, {}}; }
    static Sql of(std::string condition) { return {Kind::some, std::move(condition)}; }
};
Sql all_of(const Sql&, const Sql&);
Sql any_of(const Sql&, const Sql&);

// When a condition is true, and when it is false; otherwise it cannot be evaluated.
struct SqlTruth {
    Sql yes;
    Sql no;
};

// Writes conditions over columns. What cannot be said is taken to be possibly true and possibly false.
class SqlConditions {
  public:
    SqlConditions(const Facts& facts, std::span<const Column> columns, std::size_t parameter_first)
        : facts_(facts), columns_(columns), parameter_first_(parameter_first) {}

    SqlTruth write(const Condition&);
    bool is_exact() const { return is_exact_; }
    std::vector<Cell> take_parameters() { return std::move(parameters_); }

  private:
    SqlTruth write_step(const Program&, std::uint32_t& at);
    SqlTruth write_test(const Test&);
    SqlTruth write_column_test(const Test&, const Column&);
    SqlTruth write_operator(const Test&, const Column&);
    SqlTruth write_membership(const Test&, const Column&);
    SqlTruth write_text_search(const Test&, const Column&);
    SqlTruth equal(const Column&, const Operand&);
    SqlTruth equal(const Column&, const Datum&);
    SqlTruth ordered(const Column&, Operator, const Operand&);
    SqlTruth ordered(const Column&, Operator, const Datum&);
    SqlTruth equal_to_any(const Column&, const Datum& values);
    SqlTruth equal_columns(const Column&, const Column&);
    SqlTruth same_day(const Column&, Date);
    Sql compared(const Column&, Operator, const Datum&);
    Sql compared_number(const Column&, Operator, Millionths);
    SqlTruth unsaid();
    bool reads_columns(const Operand&) const;
    const Column* column_of(const Path&) const;
    std::optional<std::string> parameter(Cell);

    const Facts& facts_;
    std::span<const Column> columns_;
    std::size_t parameter_first_;
    std::vector<Cell> parameters_;
    bool is_exact_ = true;
};

}  // namespace pamoja::access
