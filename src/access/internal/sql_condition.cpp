#include "access/internal/sql_condition.hpp"

#include <algorithm>
#include <limits>

namespace pamoja::access {
namespace {

std::string name_of(const Column& column) {
    return std::string(column.sql);
}

SqlTruth known(Truth truth) {
    if (truth == Truth::unknown) return {Sql::never(), Sql::never()};
    return truth == Truth::yes ? SqlTruth{Sql::always(), Sql::never()}
                               : SqlTruth{Sql::never(), Sql::always()};
}

SqlTruth negated(SqlTruth truth) {
    std::swap(truth.yes, truth.no);
    return truth;
}
SqlTruth both(const SqlTruth& a, const SqlTruth& b) {
    return {all_of(a.yes, b.yes), any_of(a.no, b.no)};
}
SqlTruth either(const SqlTruth& a, const SqlTruth& b) {
    return {any_of(a.yes, b.yes), all_of(a.no, b.no)};
}

// The values cannot be compared: null differs from them, of anything else nothing is known.
SqlTruth incomparable(const Column& column) {
    return {Sql::never(), Sql::of(name_of(column) + " IS NULL")};
}

Operator opposite(Operator op) {
    if (op == Operator::less) return Operator::greater_or_equal;
    if (op == Operator::less_or_equal) return Operator::greater;
    if (op == Operator::greater) return Operator::less_or_equal;
    return Operator::less;
}

Operator mirrored(Operator op) {
    if (op == Operator::less) return Operator::greater;
    if (op == Operator::less_or_equal) return Operator::greater_or_equal;
    if (op == Operator::greater) return Operator::less;
    if (op == Operator::greater_or_equal) return Operator::less_or_equal;
    return op;
}

bool is_order(Operator op) {
    return op == Operator::less || op == Operator::less_or_equal || op == Operator::greater ||
           op == Operator::greater_or_equal;
}

const char* symbol_of(Operator op) {
    if (op == Operator::less) return " < ";
    if (op == Operator::less_or_equal) return " <= ";
    if (op == Operator::greater) return " > ";
    if (op == Operator::greater_or_equal) return " >= ";
    return " = ";
}

bool is_unusable(const Datum& datum) {
    return datum.kind == DatumKind::missing || datum.kind == DatumKind::fault;
}
bool is_many(const Datum& datum) {
    return datum.kind == DatumKind::list || datum.kind == DatumKind::names;
}
bool is_time(const Datum& datum) {
    return datum.kind == DatumKind::instant || datum.kind == DatumKind::date;
}

// Whether a value of the column and the datum are of one kind and can be compared in SQL.
bool is_comparable(const Column& column, const Datum& datum) {
    switch (column.type) {
        case ColumnType::text:
            return datum.kind == DatumKind::text;
        case ColumnType::integer:
            return datum.kind == DatumKind::number;
        case ColumnType::boolean:
            return datum.kind == DatumKind::boolean;
        case ColumnType::instant:
            return is_time(datum);
        case ColumnType::date:
            return datum.kind == DatumKind::date;
    }
    return false;
}

// Whether the evaluation would read the column's text as a time, or the datum's; SQL does not.
bool needs_reading(const Column& column, const Datum& datum) {
    const bool is_written = column.type != ColumnType::integer && column.type != ColumnType::boolean;
    return is_written && (is_time(datum) || datum.kind == DatumKind::text);
}

}  // namespace

Sql all_of(const Sql& a, const Sql& b) {
    if (a.kind == Sql::Kind::never || b.kind == Sql::Kind::always) return a;
    if (b.kind == Sql::Kind::never || a.kind == Sql::Kind::always) return b;
    return Sql::of("(" + a.text + " AND " + b.text + ")");
}

Sql any_of(const Sql& a, const Sql& b) {
    if (a.kind == Sql::Kind::always || b.kind == Sql::Kind::never) return a;
    if (b.kind == Sql::Kind::always || a.kind == Sql::Kind::never) return b;
    return Sql::of("(" + a.text + " OR " + b.text + ")");
}

SqlTruth SqlConditions::write(const Condition& condition) {
    if (condition.is_unconditional()) return known(Truth::yes);
    std::uint32_t at = 0;
    return write_step(condition.program(), at);
}

SqlTruth SqlConditions::write_step(const Program& program, std::uint32_t& at) {
    const Step step = program.steps[at++];
    if (step.kind == StepKind::test) return write_test(program.tests[step.test]);
    if (step.kind == StepKind::negation) return negated(write_step(program, at));
    const bool is_all = step.kind == StepKind::all;
    auto result = known(is_all ? Truth::yes : Truth::no);
    while (at < step.end) {
        const auto next = write_step(program, at);
        result = is_all ? both(result, next) : either(result, next);
    }
    return result;
}

SqlTruth SqlConditions::unsaid() {
    is_exact_ = false;
    return {Sql::always(), Sql::always()};
}

const Column* SqlConditions::column_of(const Path& path) const {
    const auto found = std::ranges::find(columns_, path.text, &Column::attribute);
    return found == columns_.end() ? nullptr : &*found;
}

bool SqlConditions::reads_columns(const Operand& operand) const {
    if (operand.base == OperandBase::path && column_of(operand.path) != nullptr) return true;
    return std::ranges::any_of(operand.items, [&](const Operand& item) { return reads_columns(item); });
}

// Empty when there is no room for one more.
std::optional<std::string> SqlConditions::parameter(Cell cell) {
    const auto same = std::ranges::find(parameters_, cell);
    if (same == parameters_.end() && parameters_.size() == RowFilter::parameters_max) return std::nullopt;
    const auto at = static_cast<std::size_t>(same - parameters_.begin());
    if (same == parameters_.end()) parameters_.push_back(std::move(cell));
    return "$" + std::to_string(parameter_first_ + at);
}

SqlTruth SqlConditions::write_test(const Test& test) {
    if (const Column* column = column_of(test.path)) return write_column_test(test, *column);
    const bool is_constant =
        std::ranges::none_of(test.operands, [&](const Operand& operand) { return reads_columns(operand); });
    if (is_constant) return known(evaluate_test(test, facts_));
    const auto& operand = test.operands.front();
    const auto left = attribute(test.path, facts_);
    if (is_unusable(left)) return known(Truth::unknown);
    // The column is on the right: it changes sides where the kinds leave nothing to be read.
    const bool is_plain = operand.base == OperandBase::path && !operand.is_moved_in_time &&
                          !operand.is_moved_by_number && !is_many(left);
    if (!is_plain) return unsaid();
    const Column& column = *column_of(operand.path);
    if (column.type == ColumnType::instant || column.type == ColumnType::date) return unsaid();
    if (test.op == Operator::equal) return equal(column, left);
    if (test.op == Operator::not_equal) return negated(equal(column, left));
    return is_order(test.op) ? ordered(column, mirrored(test.op), left) : unsaid();
}

SqlTruth SqlConditions::write_column_test(const Test& test, const Column& column) {
    if (test.op == Operator::exists || test.op == Operator::not_exists) {
        const SqlTruth is_there{Sql::of(name_of(column) + " IS NOT NULL"),
                                Sql::of(name_of(column) + " IS NULL")};
        return test.op == Operator::exists ? is_there : negated(is_there);
    }
    return write_operator(test, column);
}

SqlTruth SqlConditions::write_operator(const Test& test, const Column& column) {
    switch (test.op) {
        case Operator::equal:
            return equal(column, test.operands.front());
        case Operator::not_equal:
            return negated(equal(column, test.operands.front()));
        case Operator::in:
            return write_membership(test, column);
        case Operator::not_in:
            return negated(write_membership(test, column));
        case Operator::between:
            return both(ordered(column, Operator::greater_or_equal, test.operands[0]),
                        ordered(column, Operator::less_or_equal, test.operands[1]));
        case Operator::contains:
        case Operator::starts_with:
            return write_text_search(test, column);
        case Operator::less:
        case Operator::less_or_equal:
        case Operator::greater:
        case Operator::greater_or_equal:
            return ordered(column, test.op, test.operands.front());
        case Operator::exists:
        case Operator::not_exists:
            break;
    }
    return unsaid();
}

SqlTruth SqlConditions::write_membership(const Test& test, const Column& column) {
    const auto& list = test.operands.front();
    if (list.base == OperandBase::list) {
        auto result = known(Truth::no);
        for (const auto& item : list.items) result = either(result, equal(column, item));
        return result;
    }
    if (column_of(list.path) != nullptr) return unsaid();
    const auto values = value_of(list, facts_);
    return is_many(values) ? equal_to_any(column, values) : known(Truth::unknown);
}

SqlTruth SqlConditions::equal_to_any(const Column& column, const Datum& values) {
    auto result = known(Truth::no);
    if (column.type == ColumnType::instant) return unsaid();
    if (values.kind == DatumKind::names) {
        for (const auto& name : *values.names) {
            result = either(result, equal(column, Datum::of(std::string_view(name))));
        }
        return result;
    }
    for (const auto& item : *values.list) {
        const auto datum = Datum::of(&item);
        // Within a list nothing is missing; what cannot be compared there differs from null like the rest.
        result = either(result,
                        is_many(datum) || is_unusable(datum) ? incomparable(column) : equal(column, datum));
    }
    return result;
}

SqlTruth SqlConditions::write_text_search(const Test& test, const Column& column) {
    const auto& operand = test.operands.front();
    if (reads_columns(operand)) return unsaid();
    const auto needle = value_of(operand, facts_);
    const bool is_written = column.type != ColumnType::integer && column.type != ColumnType::boolean;
    if (needle.kind != DatumKind::text || !is_written) return known(Truth::unknown);
    if (column.type == ColumnType::instant) return unsaid();
    const auto name = name_of(column);
    if (needle.text.empty()) return {Sql::of(name + " IS NOT NULL"), Sql::never()};
    const auto number = parameter(std::string(needle.text));
    if (!number) return unsaid();
    const auto text = "CAST(" + *number + " AS TEXT)";
    const bool is_start = test.op == Operator::starts_with;
    const auto rest = is_start ? "SUBSTR(" + name + ", 1, LENGTH(" + text + "))"
                               : "REPLACE(" + name + ", " + text + ", '')";
    const auto other = is_start ? text : name;
    const SqlTruth same{Sql::of(rest + " = " + other), Sql::of(rest + " <> " + other)};
    return is_start ? same : negated(same);
}

SqlTruth SqlConditions::equal(const Column& column, const Operand& operand) {
    const Column* other = operand.base == OperandBase::path ? column_of(operand.path) : nullptr;
    if (other == nullptr) {
        const auto datum = value_of(operand, facts_);
        const bool is_any_role = is_many(datum) && (operand.path.is_role || operand.path.is_roles);
        if (is_any_role) return equal_to_any(column, datum);
        return is_many(datum) ? known(Truth::unknown) : equal(column, datum);
    }
    if (operand.is_moved_in_time || operand.is_moved_by_number) return unsaid();
    return equal_columns(column, *other);
}

SqlTruth SqlConditions::equal_columns(const Column& a, const Column& b) {
    if (a.type != b.type) return unsaid();
    const auto left = name_of(a), right = name_of(b);
    return {Sql::of("(" + left + " = " + right + " OR (" + left + " IS NULL AND " + right + " IS NULL))"),
            Sql::of("(" + left + " <> " + right + " OR (" + left + " IS NULL AND " + right +
                    " IS NOT NULL) OR (" + left + " IS NOT NULL AND " + right + " IS NULL))")};
}

SqlTruth SqlConditions::equal(const Column& column, const Datum& datum) {
    const auto name = name_of(column);
    if (is_unusable(datum)) return known(Truth::unknown);
    if (datum.kind == DatumKind::null) return {Sql::of(name + " IS NULL"), Sql::of(name + " IS NOT NULL")};
    if (column.type == ColumnType::instant && datum.kind == DatumKind::date)
        return same_day(column, datum.date);
    if (!is_comparable(column, datum)) {
        return needs_reading(column, datum) ? unsaid() : incomparable(column);
    }
    const auto same = compared(column, Operator::equal, datum);
    if (same.kind != Sql::Kind::some) {
        return same.kind == Sql::Kind::never ? SqlTruth{Sql::never(), Sql::always()} : unsaid();
    }
    const auto parameter_at = same.text.rfind('$');
    const auto differs = name + " <> " + same.text.substr(parameter_at);
    return {same, Sql::of("(" + name + " IS NULL OR " + differs + ")")};
}

SqlTruth SqlConditions::same_day(const Column& column, Date day) {
    const auto start = parameter(start_of_day(day, facts_.time_zone).micros());
    const auto end = parameter(start_of_day(day.plus_days(1), facts_.time_zone).micros());
    if (!start || !end) return unsaid();
    const auto name = name_of(column);
    return {
        Sql::of("(" + name + " >= " + *start + " AND " + name + " < " + *end + ")"),
        Sql::of("(" + name + " IS NULL OR " + name + " < " + *start + " OR " + name + " >= " + *end + ")")};
}

SqlTruth SqlConditions::ordered(const Column& column, Operator op, const Operand& operand) {
    const Column* other = operand.base == OperandBase::path ? column_of(operand.path) : nullptr;
    if (other == nullptr) {
        const auto datum = value_of(operand, facts_);
        return is_unusable(datum) ? known(Truth::unknown) : ordered(column, op, datum);
    }
    const bool has_order = column.type == ColumnType::integer || column.type == ColumnType::instant;
    if (!has_order || other->type != column.type || operand.is_moved_by_number) return unsaid();
    auto right = name_of(*other);
    if (operand.is_moved_in_time) {
        const auto offset = parameter(operand.offset_micros);
        if (!offset || column.type != ColumnType::instant) return unsaid();
        right = "(" + right + " + CAST(" + *offset + " AS BIGINT))";
    }
    return {Sql::of(name_of(column) + symbol_of(op) + right),
            Sql::of(name_of(column) + symbol_of(opposite(op)) + right)};
}

SqlTruth SqlConditions::ordered(const Column& column, Operator op, const Datum& datum) {
    const bool has_order = column.type != ColumnType::text && column.type != ColumnType::boolean;
    if (!has_order || !is_comparable(column, datum)) {
        return needs_reading(column, datum) ? unsaid() : known(Truth::unknown);
    }
    const auto yes = compared(column, op, datum);
    const auto no = compared(column, opposite(op), datum);
    if (yes.kind == Sql::Kind::always || no.kind == Sql::Kind::always) return unsaid();
    return {yes, no};
}

// "column = $3"; always when there is no room for the parameter.
Sql SqlConditions::compared(const Column& column, Operator op, const Datum& datum) {
    if (datum.kind == DatumKind::number) return compared_number(column, op, datum.number);
    Cell cell;
    if (datum.kind == DatumKind::text) cell = std::string(datum.text);
    if (datum.kind == DatumKind::boolean) cell = datum.boolean;
    if (datum.kind == DatumKind::instant) cell = datum.instant.micros();
    if (datum.kind == DatumKind::date) cell = datum.date.text();
    if (column.type == ColumnType::instant && datum.kind == DatumKind::date) {
        // On or before a day is before the next one starts; after it is from then on.
        const bool is_end = op == Operator::less_or_equal || op == Operator::greater;
        cell = start_of_day(datum.date.plus_days(is_end ? 1 : 0), facts_.time_zone).micros();
        op = op == Operator::less || op == Operator::less_or_equal ? Operator::less
                                                                   : Operator::greater_or_equal;
    }
    const auto number = parameter(std::move(cell));
    return number ? Sql::of(name_of(column) + symbol_of(op) + *number) : Sql::always();
}

// The column holds whole numbers, the condition perhaps a fraction.
Sql SqlConditions::compared_number(const Column& column, Operator op, Millionths value) {
    const auto floor =
        divide(value, millionth, Rounding::down) - (value < 0 && value % millionth != 0 ? 1 : 0);
    const bool is_whole = value % millionth == 0;
    if (!is_whole && op == Operator::equal) return Sql::never();
    if (floor > std::numeric_limits<std::int64_t>::max() ||
        floor < std::numeric_limits<std::int64_t>::min()) {
        const bool is_above = floor > 0;
        const bool holds = is_above == (op == Operator::less || op == Operator::less_or_equal);
        if (op == Operator::equal || !holds) return Sql::never();
        return Sql::of(name_of(column) + " IS NOT NULL");
    }
    if (!is_whole && op == Operator::less) op = Operator::less_or_equal;
    if (!is_whole && op == Operator::greater_or_equal) op = Operator::greater;
    const auto number = parameter(static_cast<std::int64_t>(floor));
    return number ? Sql::of(name_of(column) + symbol_of(op) + *number) : Sql::always();
}

}  // namespace pamoja::access
