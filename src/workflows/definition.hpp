#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "describe/fields.hpp"

namespace pamoja::workflows {

using DefinitionId = Id<struct DefinitionTag>;

enum class FieldType { text, textarea, number, date, email, phone, boolean, select, multiselect, file };
constexpr std::array<const char*, 10> names(FieldType) {
    return {"text",  "textarea", "number", "date",        "email",
            "phone", "boolean",  "select", "multiselect", "file"};
}

// What a value must keep to besides its type. What is absent does not bind.
struct FieldRules {
    std::optional<json::Value> min;  // a number for a number, a day for a date
    std::optional<json::Value> max;
    std::optional<int> min_length;  // characters of a text, choices of a multiselect
    std::optional<int> max_length;
    std::optional<std::string> pattern;               // of a whole text, see pattern.hpp
    std::optional<std::vector<std::string>> options;  // of a select or multiselect

    bool is_empty() const;
    void describe(Fields&);
};

// One question of a step's form.
struct FormField {
    std::string field_key;
    FieldType field_type = FieldType::text;
    std::string label;
    bool is_required = false;
    std::optional<FieldRules> validation;

    void describe(Fields&);
};

// Where a run goes on: the first whose condition holds. A list that ends without an unconditional one goes on
// as if there were none.
struct Transition {
    std::optional<json::Value> when;           // in the language of policies
    std::optional<std::string> next_step_key;  // absent: there is no further step

    void describe(Fields&);
};

enum class ActionType { send_notification, set_provider_status, call_webhook, publish_event };
constexpr std::array<const char*, 4> names(ActionType) {
    return {"send_notification", "set_provider_status", "call_webhook", "publish_event"};
}

// Who is told by send_notification.
enum class Audience { starter, submitter, assignee, entity };
constexpr std::array<const char*, 4> names(Audience) {
    return {"starter", "submitter", "assignee", "entity"};
}

// Something that follows from a step, in its transaction. Which members an action takes depends on its type.
struct Action {
    ActionType type = ActionType::publish_event;
    std::optional<json::Value> when;

    std::optional<std::string> template_name;  // send_notification
    std::optional<std::string> channel;        // send_notification; the template's usual one when absent
    std::optional<Audience> to;                // send_notification
    std::optional<json::Value> variables;      // send_notification: names to paths ("workflow.entity_id")
    std::optional<std::string> status;         // set_provider_status
    std::optional<std::string> event;          // call_webhook, publish_event: "custom.provider_checked"

    void describe(Fields&);
};

// When which actions happen: of a step, or of the workflow as a whole.
struct ActionPlan {
    std::vector<Action> enter;     // the step's turn comes; the workflow starts
    std::vector<Action> complete;  // the step is over; all steps are
    std::vector<Action> approve;
    std::vector<Action> reject;

    bool is_empty() const;
    void describe(Fields&);
};

// Whose turn a step becomes when it is still not done some time after it was due.
struct Escalation {
    int after_minutes = 0;  // after the step was due
    std::string to_role;

    void describe(Fields&);
};

struct Step {
    std::string step_key;
    std::string title;
    bool is_required = true;      // a workflow can be approved without a step that is not
    bool needs_approval = false;  // somebody must approve what was submitted before the next step's turn
    std::optional<std::string> assignee_role;  // who may submit; anybody when absent
    std::optional<std::string> approver_role;  // who may approve; anybody whom policies allow when absent
    std::optional<int> sla_minutes;            // from its turn until it is due
    std::optional<Escalation> escalation;
    std::vector<FormField> form_fields;
    std::vector<Transition> on_submit;   // of a step without approval
    std::vector<Transition> on_approve;  // of a step with approval
    std::vector<Transition> on_reject;   // of a step with approval: back to an earlier step, or the end
    ActionPlan actions;

    const FormField* find_field(std::string_view key) const;
    void describe(Fields&);
};

// What a workflow consists of. A stored one never changes: a new version is written beside it.
struct Definition {
    DefinitionId id{};
    std::int64_t version = 1;
    std::string name{};
    std::string description{};
    std::string entity_type{};
    bool has_four_eyes = false;                  // nobody approves what they submitted
    bool needs_final_approval = true;            // otherwise it is approved when its last step is done
    std::optional<std::string> approver_role{};  // of the final approval
    std::vector<Step> steps{};
    ActionPlan actions{};

    // Where the step stands in `steps`; empty when there is none of that key.
    std::optional<std::size_t> find_step(std::string_view key) const;
    void describe(Fields&);  // all that an author writes: everything but the version
};

// Every fault of a definition that its types do not show: unknown and unreachable steps, loops without a way
// out, rules that do not fit their field, bad conditions, patterns and actions. The field of an error is the
// place in the definition ("steps[1].on_submit[0].next_step_key").
std::vector<FieldError> faults_of(const Definition&);

// Throws validation_failed with all of them, if there is any.
void require_sound(const Definition&);

}  // namespace pamoja::workflows
