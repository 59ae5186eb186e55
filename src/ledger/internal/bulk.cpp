#include "ledger/internal/bulk.hpp"

namespace pamoja::ledger::internal {
namespace {

void append_element(std::string& array, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        array += std::to_string(*number);
        return;
    }
    array += '"';
    for (const char c : std::get<std::string>(cell)) {
        if (c == '"' || c == '\\') array += '\\';
        array += c;
    }
    array += '"';
}

// One column of the rows as PostgreSQL writes an array.
std::string array_of(std::span<const Cell> cells, std::size_t column, std::size_t column_count) {
    std::string array = "{";
    for (std::size_t i = column; i < cells.size(); i += column_count) {
        if (i != column) array += ',';
        append_element(array, cells[i]);
    }
    return array + '}';
}

// unnest(CAST($1 AS TEXT[]), …) AS given (id, …)
std::string given(const std::vector<BulkColumn>& columns) {
    std::string arrays;
    std::string names;
    for (const BulkColumn& column : columns) {
        if (!names.empty()) {
            arrays += ", ";
            names += ", ";
        }
        names += column.name;
        arrays += "CAST($" + std::to_string(&column - columns.data() + 1) + " AS " + column.type + "[])";
    }
    return "unnest(" + arrays + ") AS given (" + names + ")";
}

}  // namespace

Bulk Bulk::insert(const std::string& table, std::vector<BulkColumn> columns, const std::string& on_conflict) {
    std::string names = "tenant_id";
    std::string parameters = ":tenant";
    std::string selected = ":tenant";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        names.append(", ").append(columns[i].name);
        parameters.append(", $").append(std::to_string(i + 1));
        selected.append(", given.").append(columns[i].name);
    }
    const std::string into = "INSERT INTO " + table + " (" + names + ") ";
    return statement(std::move(columns), into + "VALUES (" + parameters + ")" + on_conflict,
                     into + "SELECT " + selected + " FROM ", on_conflict);
}

Bulk Bulk::statement(std::vector<BulkColumn> columns, std::string row, const std::string& before_given,
                     const std::string& after_given) {
    Bulk bulk;
    bulk.row_ = std::move(row);
    bulk.arrays_ = before_given + given(columns) + after_given;
    bulk.columns_ = std::move(columns);
    return bulk;
}

std::int64_t Bulk::run(Tx& tx, std::span<const Cell> cells, Statements statements) const {
    if (cells.empty()) return 0;
    if (statements == Statements::arrays) {
        std::vector<Cell> arrays;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            arrays.emplace_back(array_of(cells, i, columns_.size()));
        }
        return tx.run_with(arrays_, arrays);
    }
    std::int64_t changed = 0;
    for (std::size_t first = 0; first < cells.size(); first += columns_.size()) {
        changed += tx.run_with(row_, cells.subspan(first, columns_.size()));
    }
    return changed;
}

}  // namespace pamoja::ledger::internal
