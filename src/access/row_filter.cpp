#include "access/row_filter.hpp"

#include "access/internal/sql_condition.hpp"
#include "access/internal/state.hpp"

namespace pamoja::access {
namespace {

// Numbers the parameters anew that are left in the text: PostgreSQL wants a use of each.
void keep_used(RowFilter& filter, const std::vector<Cell>& parameters, std::size_t first) {
    std::vector<std::size_t> places(parameters.size(), 0);
    std::string text;
    for (std::size_t i = 0; i < filter.where.size();) {
        text += filter.where[i];
        if (filter.where[i++] != '$') continue;
        std::size_t number = 0;
        while (i < filter.where.size() && filter.where[i] >= '0' && filter.where[i] <= '9') {
            number = number * 10 + static_cast<std::size_t>(filter.where[i++] - '0');
        }
        auto& place = places.at(number - first);
        if (place == 0) {
            filter.parameters.push_back(parameters[number - first]);
            place = first + filter.parameters.size() - 1;
        }
        text += std::to_string(place);
    }
    filter.where = std::move(text);
}

}  // namespace

RowFilter filter_rows(Tx& tx, const Subject& subject, const Question& question,
                      std::span<const Column> columns, std::size_t parameter_first) {
    const auto set = policy_set(tx);
    const auto user = set->user_of(subject);
    const Facts facts{question.attributes, tx.now(), question.time_zone, &user, &subject.roles};
    SqlConditions conditions(facts, columns, parameter_first);
    Sql allowed =
        set->has_permission(subject, question.resource, question.action) ? Sql::always() : Sql::never();
    Sql not_denied = Sql::always();
    for (const Rule* rule : set->rules_for(subject, question.resource, question.action)) {
        const auto truth = conditions.write(rule->condition);
        if (rule->effect == Effect::allow) {
            allowed = any_of(allowed, truth.yes);
        } else {
            not_denied = all_of(not_denied, truth.no);
        }
    }
    const Sql both = all_of(allowed, not_denied);
    RowFilter filter;
    filter.is_exact = conditions.is_exact();
    filter.is_empty = both.kind == Sql::Kind::never;
    if (both.kind == Sql::Kind::always) filter.where = "1 = 1";
    if (both.kind != Sql::Kind::some) return filter;
    filter.where = both.text;
    keep_used(filter, conditions.take_parameters(), parameter_first);
    return filter;
}

}  // namespace pamoja::access
