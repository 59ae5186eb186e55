#include "workflows/seeds.hpp"

#include "workflows/definitions.hpp"

namespace pamoja::workflows {
namespace {

FormField field(const char* key, FieldType type, const char* label, bool is_required = true) {
    return {.field_key = key,
            .field_type = type,
            .label = label,
            .is_required = is_required,
            .validation = std::nullopt};
}

FormField text_field(const char* key, const char* label, int length_max, bool is_required = false) {
    FormField result = field(key, FieldType::text, label, is_required);
    result.validation.emplace().max_length = length_max;
    return result;
}

Step registration() {
    Step step;
    step.step_key = "registration";
    step.title = "Basic Registration";
    step.form_fields = {
        text_field("first_name", "First Name", 100), text_field("last_name", "Last Name", 100),
        field("email", FieldType::email, "E-mail", false), field("phone", FieldType::phone, "Phone", false)};
    return step;
}

Step document_upload() {
    Step step;
    step.step_key = "document_upload";
    step.title = "Document Upload";
    step.form_fields = {field("id_proof", FieldType::file, "ID Proof"),
                        field("address_proof", FieldType::file, "Address Proof")};
    return step;
}

Step background_check() {
    Step step;
    step.step_key = "background_check";
    step.title = "Background Check";
    step.assignee_role = "Admin";
    step.sla_minutes = 3 * 24 * 60;
    step.form_fields = {text_field("reference", "Reference", 100),
                        field("remarks", FieldType::textarea, "Remarks", false)};
    return step;
}

Action set_status(const char* status) {
    Action action;
    action.type = ActionType::set_provider_status;
    action.status = status;
    return action;
}

// Upflame 5 and 6: the steps of the document's examples.
Definition onboarding(const char* id, const char* name) {
    Definition definition;
    definition.id = DefinitionId(id);
    definition.name = name;
    definition.description = "Registration, documents and a background check, then an approval.";
    definition.entity_type = "provider";
    definition.steps = {registration(), document_upload(), background_check()};
    definition.actions.approve = {set_status("active")};
    return definition;
}

}  // namespace

std::vector<Definition> seeded_definitions() {
    return {onboarding("workflow_def_123", "Provider Onboarding"),
            onboarding("pandit_onboarding_def", "Pandit Onboarding")};
}

void ensure_seeded(Tx& tx) {
    for (Definition& definition : seeded_definitions()) {
        const bool is_there = tx.value<std::int64_t>(
                                    "SELECT version FROM workflow_definitions "
                                    "WHERE tenant_id = :tenant AND id = $1",
                                    definition.id)
                                  .has_value();
        if (!is_there) define(tx, std::move(definition), UserId("system"));
    }
}

}  // namespace pamoja::workflows
