#include <algorithm>

#include "workflows/internal/faults.hpp"

namespace pamoja::workflows {
namespace {

constexpr std::size_t variables_max = 30;
// Other events are the platform's own; nobody may make them up.
constexpr std::string_view custom_event = "custom.";

bool is_custom_event(std::string_view name) {
    return name.starts_with(custom_event) && name.size() > custom_event.size() && name.back() != '.' &&
           name.find("..") == std::string_view::npos && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
           });
}

// Whether exactly the members that a type of action needs are there. `variables` and `channel` may be left
// out.
class ActionFaults {
  public:
    ActionFaults(const Action& action, const std::string& place, Faults& faults)
        : action_(action), place_(place), faults_(faults) {
        const bool is_notice = action.type == ActionType::send_notification;
        const bool is_event =
            action.type == ActionType::call_webhook || action.type == ActionType::publish_event;
        member("template_name", action.template_name.has_value(), is_notice, true);
        member("to", action.to.has_value(), is_notice, true);
        member("channel", action.channel.has_value(), is_notice, false);
        member("variables", action.variables.has_value(), is_notice, false);
        member("status", action.status.has_value(), action.type == ActionType::set_provider_status, true);
        member("event", action.event.has_value(), is_event, true);
    }

  private:
    void member(const char* name, bool is_there, bool is_applicable, bool is_needed) {
        const std::string type = name_of(action_.type);
        if (is_there && !is_applicable)
            faults_.add(place_ + "." + name, "not_applicable", "This has no meaning for " + type + ".");
        if (!is_there && is_applicable && is_needed)
            faults_.add(place_ + "." + name, "required", "This is needed for " + type + ".");
    }

    const Action& action_;
    const std::string& place_;
    Faults& faults_;
};

void check_variables(const Definition& definition, const Step* step, const json::Value& variables,
                     const std::string& place, Faults& faults) {
    const auto* members = variables.object();
    if (members == nullptr || members->size() > variables_max) {
        faults.add(place, "invalid", "This must be an object of at most 30 names and paths.");
        return;
    }
    for (const auto& [name, path] : *members) {
        if (path.string() == nullptr || !is_known_path(definition, step, *path.string())) {
            faults.add(
                place + "." + name, "unknown_path",
                "This must be the path of something that the workflow knows, such as workflow.entity_id.");
        }
    }
}

void check_action(const Definition& definition, const Step* step, const Action& action,
                  const std::string& place, Faults& faults) {
    const ActionFaults members(action, place, faults);
    if (action.when) find_condition_faults(definition, step, *action.when, place + ".when", faults);
    if (action.variables) check_variables(definition, step, *action.variables, place + ".variables", faults);
    if (action.type == ActionType::set_provider_status) {
        if (definition.entity_type != "provider")
            faults.add(place + ".type", "not_applicable",
                       "Only a workflow of a provider can set its status.");
        if (action.status && !is_key(*action.status))
            faults.add(place + ".status", "invalid", "This must be the name of a status.");
    }
    if (action.event && !is_custom_event(*action.event)) {
        faults.add(place + ".event", "invalid",
                   "An event's name begins with custom. and consists of small letters, digits, _ and dots.");
    }
}

}  // namespace

void find_action_faults(const Definition& definition, const Step* step, const ActionPlan& plan,
                        const std::string& place, Faults& faults) {
    const auto check_all = [&](const std::vector<Action>& actions, const char* moment) {
        const std::string list = place + "." + moment;
        for (std::size_t i = 0; i < actions.size(); ++i)
            check_action(definition, step, actions[i], item_place(list, i), faults);
    };
    check_all(plan.enter, "enter");
    check_all(plan.complete, "complete");
    check_all(plan.approve, "approve");
    check_all(plan.reject, "reject");
    if (step == nullptr || step->needs_approval) return;
    if (!plan.approve.empty())
        faults.add(place + ".approve", "not_applicable", "Nobody approves a step without needs_approval.");
    if (!plan.reject.empty())
        faults.add(place + ".reject", "not_applicable", "Nobody rejects a step without needs_approval.");
}

}  // namespace pamoja::workflows
