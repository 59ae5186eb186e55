#include "access/internal/type_check.hpp"

#include <array>

namespace pamoja::access {
namespace {

struct KnownAttribute {
    std::string_view path;
    DatumKind kind;
};

constexpr std::array known_attributes{
    KnownAttribute{"user.id", DatumKind::text},
    KnownAttribute{"user.email", DatumKind::text},
    KnownAttribute{"user.role", DatumKind::text},
    KnownAttribute{"user.roles", DatumKind::list},
    KnownAttribute{"user.permissions", DatumKind::list},
    KnownAttribute{"booking.status", DatumKind::text},
    KnownAttribute{"booking.scheduled_at", DatumKind::instant},
    KnownAttribute{"booking.created_at", DatumKind::instant},
    KnownAttribute{"provider.status", DatumKind::text},
    KnownAttribute{"workflow.status", DatumKind::text},
    KnownAttribute{"workflow.created_at", DatumKind::instant},
};

constexpr DatumKind any_kind = DatumKind::missing;

DatumKind kind_of(const Operand& operand) {
    switch (operand.base) {
        case OperandBase::literal:
            return operand.kind;
        case OperandBase::list:
            return DatumKind::list;
        case OperandBase::now:
            return DatumKind::instant;
        case OperandBase::today:
            return DatumKind::date;
        case OperandBase::path:
            break;
    }
    if (operand.is_moved_by_number) return DatumKind::number;
    const auto known = known_kind(operand.path);
    return operand.is_moved_in_time && known == any_kind ? DatumKind::instant : known;
}

bool is_time(DatumKind kind) {
    return kind == DatumKind::instant || kind == DatumKind::date;
}

bool may_equal(DatumKind left, DatumKind right) {
    if (left == any_kind || right == any_kind || right == DatumKind::null) return true;
    return left == right || (is_time(left) && is_time(right));
}

bool may_order(DatumKind kind) {
    return kind == any_kind || kind == DatumKind::number || is_time(kind);
}

TextFault fault_at(const Operand& operand, std::string message) {
    return {operand.column, std::move(message)};
}

TextFault mismatch(const Test& test, const Operand& operand) {
    return fault_at(operand, test.path.text + " is " + noun_of(known_kind(test.path)) + ", but this is " +
                                 noun_of(kind_of(operand)) + ".");
}

TextFault check_equality(const Test& test, const Operand& operand) {
    const auto left = known_kind(test.path);
    if (left == DatumKind::list) return fault_at(operand, test.path.text + " is a list; use contains.");
    if (kind_of(operand) == DatumKind::list && !operand.path.is_roles) {
        return fault_at(operand, "A list is searched with in.");
    }
    return may_equal(left, kind_of(operand)) ? TextFault{} : mismatch(test, operand);
}

TextFault check_order(const Test& test, const Operand& operand) {
    const auto left = known_kind(test.path);
    if (!may_order(left)) {
        return fault_at(operand, "Only numbers and times have an order; " + test.path.text + " is " +
                                     noun_of(left) + ".");
    }
    const auto right = kind_of(operand);
    if (!may_order(right)) {
        return fault_at(operand,
                        std::string("Only numbers and times have an order; this is ") + noun_of(right) + ".");
    }
    return may_equal(left, right) ? TextFault{} : mismatch(test, operand);
}

bool is_reversed(const Operand& low, const Operand& high) {
    if (low.base != high.base || low.kind != high.kind) return false;
    if (low.base == OperandBase::now || low.base == OperandBase::today) {
        return low.offset_micros > high.offset_micros;
    }
    if (low.base != OperandBase::literal) return false;
    return low.number > high.number || low.instant > high.instant || low.date > high.date;
}

TextFault check_between(const Test& test) {
    for (const auto& operand : test.operands) {
        if (auto fault = check_order(test, operand); !fault.message.empty()) return fault;
    }
    const auto &low = test.operands[0], &high = test.operands[1];
    if (!may_equal(kind_of(low), kind_of(high))) {
        return fault_at(high, "The two ends of a range are of one kind.");
    }
    return is_reversed(low, high) ? fault_at(high, "The range is empty: its end is before its start.")
                                  : TextFault{};
}

TextFault check_list(const Test& test) {
    const auto& list = test.operands.front();
    const auto left = known_kind(test.path);
    if (left == DatumKind::list) return fault_at(list, test.path.text + " is a list; use contains.");
    if (list.base == OperandBase::path) {
        const auto known = known_kind(list.path);
        const bool may_be_list = known == any_kind || known == DatumKind::list;
        return may_be_list ? TextFault{} : fault_at(list, list.path.text + " is no list.");
    }
    DatumKind all = any_kind;
    for (const auto& item : list.items) {
        const auto kind = kind_of(item);
        if (kind == DatumKind::null || kind == DatumKind::list) {
            return fault_at(item, "A list holds texts, numbers, times or booleans.");
        }
        if (!may_equal(all, kind)) return fault_at(item, "The values of a list are of one kind.");
        if (!may_equal(left, kind)) return mismatch(test, item);
        if (all == any_kind) all = kind;
    }
    return {};
}

TextFault check_text_operator(const Test& test, bool is_list_allowed) {
    const auto& operand = test.operands.front();
    const auto left = known_kind(test.path), right = kind_of(operand);
    const bool is_list = left == DatumKind::list && is_list_allowed;
    if (left != any_kind && left != DatumKind::text && !is_list) {
        return fault_at(operand, test.path.text + " is " + noun_of(left) + ", which holds nothing.");
    }
    const bool is_value = right != DatumKind::null && right != DatumKind::list;
    const bool fits = is_list_allowed ? is_value : right == any_kind || right == DatumKind::text;
    if (!fits || (left == DatumKind::text && right != any_kind && right != DatumKind::text)) {
        return fault_at(operand, std::string("A text belongs here; this is ") + noun_of(right) + ".");
    }
    return {};
}

void recognise_time(Operand& operand) {
    for (auto& item : operand.items) recognise_time(item);
    if (operand.base != OperandBase::literal || operand.kind != DatumKind::text) return;
    if (const auto instant = Timestamp::parse(operand.text)) {
        operand.kind = DatumKind::instant;
        operand.instant = *instant;
    } else if (const auto date = Date::parse(operand.text)) {
        operand.kind = DatumKind::date;
        operand.date = *date;
    }
}

}  // namespace

DatumKind known_kind(const Path& path) {
    for (const auto& known : known_attributes) {
        if (known.path == path.text) return known.kind;
    }
    return any_kind;
}

void recognise_times(Test& test) {
    const auto left = known_kind(test.path);
    if (left != any_kind && !is_time(left)) return;
    if (test.op == Operator::contains || test.op == Operator::starts_with) return;
    for (auto& operand : test.operands) recognise_time(operand);
}

TextFault check_types(const Test& test) {
    switch (test.op) {
        case Operator::equal:
        case Operator::not_equal:
            return check_equality(test, test.operands.front());
        case Operator::less:
        case Operator::less_or_equal:
        case Operator::greater:
        case Operator::greater_or_equal:
            return check_order(test, test.operands.front());
        case Operator::in:
        case Operator::not_in:
            return check_list(test);
        case Operator::contains:
            return check_text_operator(test, true);
        case Operator::starts_with:
            return check_text_operator(test, false);
        case Operator::between:
            return check_between(test);
        case Operator::exists:
        case Operator::not_exists:
            return {};
    }
    return {};
}

}  // namespace pamoja::access
