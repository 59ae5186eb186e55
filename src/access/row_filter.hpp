#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/decision.hpp"
#include "db/tx.hpp"

namespace pamoja::access {

// How a column stands in the attributes of a point check: texts, integers and booleans as they are, instants
// as their precise_text(), dates as ISO text, NULL as null.
enum class ColumnType { text, integer, boolean, instant, date };

struct Column {
    std::string_view attribute;  // "booking.customer_id"
    std::string_view sql;        // "bookings.customer_id"; never what a caller sent
    ColumnType type = ColumnType::text;
};

// A condition on rows, made from a decision.
struct RowFilter {
    std::string where = "1 = 0";     // to be joined to a statement with AND
    std::vector<Cell> parameters{};  // of $first and those after it
    bool is_exact = true;            // false: the rows that pass must be checked one by one as well
    bool is_empty = true;            // nothing can pass
    static constexpr std::size_t parameters_max = 24;
};

// The rows about which the subject would be allowed what is asked. Exactly those that decide() allows row by
// row, where every clause about a column can be said in SQL; otherwise all of those and perhaps more. The
// question's attributes are what is the same for every row. The first parameter of the filter is number
// `parameter_first`.
RowFilter filter_rows(Tx&, const Subject&, const Question&, std::span<const Column>,
                      std::size_t parameter_first);

// A parameter whose type is known only when the filter is made.
struct AnyCell {
    Cell cell;
};

}  // namespace pamoja::access

template <>
struct pamoja::Type<pamoja::access::AnyCell> {
    static pamoja::Cell to_cell(const pamoja::access::AnyCell& any) { return any.cell; }
};

namespace pamoja::access {

// One page of the rows of `from` ("FROM bookings WHERE tenant_id = :tenant AND provider_id = $1") that pass
// the filter, which was made with parameter_first = the number of `args` + 1.
template <Described T, class... Args>
Page<T> filtered_page(Tx& tx, const PageRequest& request, std::string_view from, std::string_view order,
                      const RowFilter& filter, const Args&... args) {
    const std::string narrowed = std::string(from) + " AND " + filter.where;
    Page<T> result;
    // The number of parameters is a type's matter in Tx, so the filter's is tried out from none up.
    const auto with_count = [&]<std::size_t... I>(std::index_sequence<I...>) {
        if (filter.parameters.size() != sizeof...(I)) return false;
        result = tx.page<T>(request, narrowed, order, args..., AnyCell{filter.parameters[I]}...);
        return true;
    };
    [&]<std::size_t... N>(std::index_sequence<N...>) {
        static_cast<void>((with_count(std::make_index_sequence<N>()) || ...));
    }
    (std::make_index_sequence<RowFilter::parameters_max + 1>());
    return result;
}

}  // namespace pamoja::access
