#include "access/internal/role_rest.hpp"

#include <algorithm>

namespace pamoja::access {
namespace {

bool holds_by(const Test& test, std::string_view role) {
    const auto roles = chosen_roles(test);
    return roles && std::ranges::find(*roles, role) != roles->end();
}

void add_test(Program& program, const Test& test) {
    program.steps.push_back({StepKind::test, static_cast<std::uint32_t>(program.steps.size() + 1),
                             static_cast<std::uint32_t>(program.tests.size())});
    program.tests.push_back(test);
}

// A conjunction of tests alone; what holds groups is left as it is.
bool is_plain_conjunction(const Program& program) {
    return !program.steps.empty() && program.steps.front().kind == StepKind::all &&
           std::ranges::all_of(program.steps.begin() + 1, program.steps.end(),
                               [](const Step& step) { return step.kind == StepKind::test; });
}

}  // namespace

std::optional<std::vector<std::string>> chosen_roles(const Test& test) {
    const bool is_choice = test.op == Operator::equal || test.op == Operator::in;
    if (!test.path.is_role || !is_choice) return std::nullopt;
    const auto& operand = test.operands.front();
    const auto& items = operand.base == OperandBase::list ? operand.items : test.operands;
    std::vector<std::string> roles;
    for (const auto& item : items) {
        if (item.base != OperandBase::literal || item.kind != DatumKind::text) return std::nullopt;
        roles.push_back(item.text);
    }
    return roles;
}

Program rest_for_role(const Program& program, std::string_view role) {
    Program rest;
    if (program.steps.size() == 1 && program.steps.front().kind == StepKind::test) {
        return holds_by(program.tests.front(), role) ? rest : program;
    }
    if (!is_plain_conjunction(program)) return program;
    rest.steps.push_back(program.steps.front());
    for (const auto& test : program.tests) {
        if (!holds_by(test, role)) add_test(rest, test);
    }
    if (rest.tests.size() == 1) rest.steps = {{StepKind::test, 1, 0}};
    if (rest.tests.empty()) rest.steps.clear();
    if (!rest.steps.empty()) rest.steps.front().end = static_cast<std::uint32_t>(rest.steps.size());
    return rest;
}

std::string key_of(const Program& program) {
    std::string key;
    for (const auto& step : program.steps) {
        key += std::to_string(static_cast<int>(step.kind)) + "," + std::to_string(step.end) + ",";
        if (step.kind != StepKind::test) continue;
        const auto& text = program.tests[step.test].text;
        key += std::to_string(text.size()) + ":" + text;
    }
    return key;
}

}  // namespace pamoja::access
