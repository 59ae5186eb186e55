#include <algorithm>
#include <set>

#include "access/condition.hpp"
#include "workflows/definition.hpp"
#include "workflows/internal/faults.hpp"

namespace pamoja::workflows {
namespace {

constexpr std::size_t conditions_max = 4'000;  // bytes of one condition as JSON

void find_step_faults(const Definition& definition, std::size_t index, Faults& faults) {
    const Step& step = definition.steps[index];
    const std::string place = item_place("steps", index);
    if (!is_key(step.step_key)) {
        faults.add(place + ".step_key", "invalid",
                   "A key consists of letters, digits and underscores and does not begin with a digit.");
    } else if (definition.find_step(step.step_key) != index) {
        faults.add(place + ".step_key", "duplicate", "Another step has this key.");
    }
    if (step.escalation && !step.sla_minutes)
        faults.add(place + ".escalation", "not_applicable", "Only a step with sla_minutes is ever overdue.");
    if (step.approver_role && !step.needs_approval)
        faults.add(place + ".approver_role", "not_applicable",
                   "Nobody approves a step without needs_approval.");
    find_form_faults(step, place, faults);
    find_action_faults(definition, &step, step.actions, place + ".actions", faults);
}

bool is_id(std::string_view id) {
    return std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t dot = std::min(path.find('.', start), path.size());
        parts.push_back(path.substr(start, dot - start));
        start = dot + 1;
    }
    return parts;
}

}  // namespace

std::string item_place(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

bool is_key(std::string_view key) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !key.empty() && is_letter(key.front()) &&
           std::ranges::all_of(key, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

bool is_known_path(const Definition& definition, const Step* step, std::string_view path) {
    static constexpr std::array workflow_members{"id",          "definition_id",    "entity_type",
                                                 "entity_id",   "status",           "started_by",
                                                 "assignee_id", "current_step_key", "created_at"};
    static constexpr std::array user_members{"id", "role", "roles"};
    const auto parts = split(path);
    const auto is_one_of = [&](const auto& members) {
        return parts.size() == 2 && std::ranges::find(members, parts[1]) != members.end();
    };
    if (parts[0] == "workflow") return is_one_of(workflow_members);
    if (parts[0] == "user") return is_one_of(user_members);
    if (parts[0] == "data")
        return step != nullptr && parts.size() == 2 && step->find_field(parts[1]) != nullptr;
    if (parts[0] != "steps" || parts.size() != 3) return false;
    const auto other = definition.find_step(parts[1]);
    return other && definition.steps[*other].find_field(parts[2]) != nullptr;
}

void find_condition_faults(const Definition& definition, const Step* step, const json::Value& when,
                           const std::string& place, Faults& faults) {
    if (json::to_text(when).size() > conditions_max)
        return faults.add(place, "too_long", "A condition has at most 4000 characters.");
    try {
        const auto condition = access::Condition::compile(when, place);
        for (const std::string& path : condition.attributes()) {
            if (is_known_path(definition, step, path)) continue;
            faults.add(place, "unknown_path", "The workflow knows nothing of the name " + path + ".");
        }
    } catch (const Failure& failure) {
        const auto& errors = failure.errors();
        faults.errors.insert(faults.errors.end(), errors.begin(), errors.end());
    }
}

std::vector<FieldError> faults_of(const Definition& definition) {
    Faults faults;
    if (!is_id(definition.id.text()))
        faults.add("id", "invalid", "An id consists of letters, digits, underscores and hyphens.");
    if (!is_key(definition.entity_type))
        faults.add("entity_type", "invalid", "This consists of letters, digits and underscores.");
    if (definition.steps.empty()) faults.add("steps", "required", "A workflow needs a step.");
    for (std::size_t i = 0; i < definition.steps.size(); ++i) find_step_faults(definition, i, faults);
    find_action_faults(definition, nullptr, definition.actions, "actions", faults);
    if (!definition.steps.empty()) find_flow_faults(definition, faults);
    return std::move(faults.errors);
}

void require_sound(const Definition& definition) {
    auto errors = faults_of(definition);
    if (!errors.empty()) throw Failure(validation_failed, "Validation failed", std::move(errors));
}

}  // namespace pamoja::workflows
