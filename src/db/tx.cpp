#include "db/tx.hpp"

#include <algorithm>

namespace pamoja {
namespace {

bool is_named_currency(const Field& field) {
    return std::string_view(field.name()) == "currency";
}
bool holds_money(const Field& field) {
    return field.ops().set_currency != nullptr;
}

// Money is stored as minor units beside one column `currency`, which the struct need not describe itself.
bool needs_currency_column(const Fields& fields) {
    return std::ranges::any_of(fields.list(), holds_money) &&
           std::ranges::none_of(fields.list(), is_named_currency);
}

Currency currency_of(const Fields& fields) {
    for (const Field& field : fields.list()) {
        const void* content = holds_money(field) ? field.ops().content(field.value()) : nullptr;
        if (content != nullptr) return static_cast<const Money*>(content)->currency();
    }
    return {};
}

}  // namespace

const TenantId& every_tenant() {
    static const TenantId tenant("*");
    return tenant;
}

std::string Tx::select_text(const Fields& fields, std::string_view from) {
    std::string sql = "SELECT ";
    for (const Field& field : fields.list()) {
        sql += field.name();
        sql += ", ";
    }
    if (needs_currency_column(fields)) sql += "currency, ";
    sql.resize(sql.size() - 2);
    sql += ' ';
    sql += from;
    return sql;
}

void Tx::read_row(const Row& row, const Fields& fields) {
    std::optional<Currency> currency;
    for (std::size_t i = 0; i < fields.list().size(); ++i) {
        const Field& field = fields.list()[i];
        field.ops().from_cell(row.cells.at(i), field.value());
        if (is_named_currency(field)) currency = Currency(std::get<std::string>(row.cells[i]));
    }
    if (needs_currency_column(fields)) currency = Currency(std::get<std::string>(row.cells.back()));
    if (!currency) return;
    for (const Field& field : fields.list()) {
        if (holds_money(field)) field.ops().set_currency(field.value(), *currency);
    }
}

std::int64_t Tx::insert_rows(std::string_view table, const std::vector<Fields>& rows,
                             std::string_view on_conflict) {
    std::string sql = "INSERT INTO " + std::string(table) + " (tenant_id";
    for (const Field& field : rows.front().list()) sql.append(", ").append(field.name());
    const bool has_currency_column = needs_currency_column(rows.front());
    if (has_currency_column) sql += ", currency";
    sql += ") VALUES ";
    std::vector<Cell> cells;
    const auto add = [&](Cell cell) {
        cells.push_back(std::move(cell));
        sql.append(", $").append(std::to_string(cells.size()));
    };
    for (const Fields& row : rows) {
        sql += cells.empty() ? "(:tenant" : ", (:tenant";
        for (const Field& field : row.list()) add(field.ops().to_cell(field.value()));
        if (has_currency_column) add(cell_of(currency_of(row)));
        sql += ')';
    }
    return connection_.execute(sql + std::string(on_conflict), cells, tenant_).affected;
}

}  // namespace pamoja
