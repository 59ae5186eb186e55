#include "workflows/definition.hpp"

#include <algorithm>

namespace pamoja::workflows {

bool FieldRules::is_empty() const {
    return !min && !max && !min_length && !max_length && !pattern && !options;
}

void FieldRules::describe(Fields& f) {
    f("min", min).omitted_when_absent();
    f("max", max).omitted_when_absent();
    f("min_length", min_length).omitted_when_absent();
    f("max_length", max_length).omitted_when_absent();
    f("pattern", pattern).length(1, 200).omitted_when_absent();
    f("options", options).omitted_when_absent();
}

void FormField::describe(Fields& f) {
    f("field_key", field_key).length(1, 64);
    f("field_type", field_type);
    f("label", label).length(1, 200);
    f.optional("is_required", is_required);
    f("validation", validation).omitted_when_absent();
}

void Transition::describe(Fields& f) {
    f("when", when).omitted_when_absent();
    f("next_step_key", next_step_key).length(1, 64).doc("The next step; null: there is none.");
}

void Action::describe(Fields& f) {
    f("type", type);
    f("when", when).omitted_when_absent();
    f("template_name", template_name).length(1, 100).omitted_when_absent();
    f("channel", channel).length(1, 20).omitted_when_absent();
    f("to", to).omitted_when_absent();
    f("variables", variables).omitted_when_absent();
    f("status", status).length(1, 40).omitted_when_absent();
    f("event", event).length(1, 100).omitted_when_absent();
}

bool ActionPlan::is_empty() const {
    return enter.empty() && complete.empty() && approve.empty() && reject.empty();
}

void ActionPlan::describe(Fields& f) {
    f.optional("enter", enter).length(0, 10);
    f.optional("complete", complete).length(0, 10);
    f.optional("approve", approve).length(0, 10);
    f.optional("reject", reject).length(0, 10);
}

void Escalation::describe(Fields& f) {
    f("after_minutes", after_minutes).between(1, 525'600);
    f("to_role", to_role).length(1, 100);
}

const FormField* Step::find_field(std::string_view key) const {
    const auto found = std::ranges::find(form_fields, key, &FormField::field_key);
    return found == form_fields.end() ? nullptr : &*found;
}

void Step::describe(Fields& f) {
    f("step_key", step_key).length(1, 64);
    f("title", title).length(1, 200);
    f.optional("is_required", is_required);
    f.optional("needs_approval", needs_approval);
    f("assignee_role", assignee_role).length(1, 100);
    f("approver_role", approver_role).length(1, 100);
    f("sla_minutes", sla_minutes).between(1, 525'600).doc("From the step's turn until it is due.");
    f("escalation", escalation);
    f.optional("form_fields", form_fields).length(0, 50);
    f.optional("on_submit", on_submit).length(0, 20);
    f.optional("on_approve", on_approve).length(0, 20);
    f.optional("on_reject", on_reject).length(0, 20);
    f.optional("actions", actions);
}

std::optional<std::size_t> Definition::find_step(std::string_view key) const {
    const auto found = std::ranges::find(steps, key, &Step::step_key);
    if (found == steps.end()) return std::nullopt;
    return static_cast<std::size_t>(found - steps.begin());
}

void Definition::describe(Fields& f) {
    f.optional("id", id).length(0, 64).doc("Chosen by the author; made up when it is left out.");
    f("name", name).length(1, 200);
    f.optional("description", description).length(0, 2'000);
    f("entity_type", entity_type).length(1, 64);
    f.optional("has_four_eyes", has_four_eyes).doc("Nobody approves what they submitted.");
    f.optional("needs_final_approval", needs_final_approval);
    f("approver_role", approver_role).length(1, 100);
    f("steps", steps).length(1, 50);
    f.optional("actions", actions);
}

}  // namespace pamoja::workflows
