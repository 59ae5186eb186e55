#include "workflows/instance.hpp"

#include "workflows/definitions.hpp"

namespace pamoja::workflows {

void Workflow::describe(Fields& f) {
    f("id", id);
    f("definition_id", definition_id);
    f("definition_version", definition_version);
    f("entity_type", entity_type);
    f("entity_id", entity_id);
    f("status", status);
    f("current_step_key", current_step_key);
    f("waits_for_role", waits_for_role);
    f("assignee_id", assignee_id);
    f("due_at", due_at);
    f("started_by", started_by);
    f("decided_by", decided_by);
    f("decided_at", decided_at);
    f("decision_comment", decision_comment);
    f("version", version);
    f("history_count", history_count);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

void StepRun::describe(Fields& f) {
    f("id", id);
    f("workflow_id", workflow_id);
    f("position", position);
    f("step_key", step_key);
    f("status", status);
    f("round", round);
    f("data", data);
    f("submitted_by", submitted_by);
    f("submitted_at", submitted_at);
    f("completed_at", completed_at);
    f("decided_by", decided_by);
    f("assignee_id", assignee_id);
    f("assignee_role", assignee_role);
    f("approver_role", approver_role);
    f("due_at", due_at);
    f("reminded_at", reminded_at);
    f("escalated_at", escalated_at);
}

std::optional<std::size_t> Instance::current() const {
    if (!workflow.current_step_key) return std::nullopt;
    return definition.find_step(*workflow.current_step_key);
}

bool Instance::awaits_step_approval() const {
    const auto index = current();
    return index && definition.steps[*index].needs_approval && steps[*index].submitted_at;
}

Workflow workflow_of(Tx& tx, const WorkflowId& id) {
    auto found = tx.maybe<Workflow>("FROM workflows WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such workflow.");
    return std::move(*found);
}

Instance instance_of(Tx& tx, const WorkflowId& id) {
    Workflow workflow = workflow_of(tx, id);
    auto steps = tx.all<StepRun>(
        "FROM workflow_steps WHERE tenant_id = :tenant AND workflow_id = $1 ORDER BY position, id", id);
    Definition definition = definition_version(tx, workflow.definition_id, workflow.definition_version);
    return {std::move(workflow), std::move(steps), std::move(definition)};
}

Page<Workflow> workflows(Tx& tx, const WorkflowFilter& filter, const PageRequest& page) {
    return tx.page<Workflow>(
        page,
        "FROM workflows WHERE tenant_id = :tenant AND status = COALESCE($1, status) "
        "AND definition_id = COALESCE($2, definition_id) AND entity_type = COALESCE($3, entity_type) "
        "AND entity_id = COALESCE($4, entity_id) "
        "AND (CAST($5 AS TEXT) IS NULL OR waits_for_role = $5) "
        "AND (CAST($6 AS TEXT) IS NULL OR assignee_id = $6) "
        "AND (CAST($7 AS TEXT) IS NULL OR started_by = $7 OR assignee_id = $7) "
        "AND (CAST($8 AS BIGINT) IS NULL OR (due_at < $8 AND status IN ('pending', 'in_progress')))",
        "created_at DESC, id DESC", filter.status, filter.definition_id, filter.entity_type, filter.entity_id,
        filter.waits_for_role, filter.assignee_id, filter.concerns, filter.due_before);
}

}  // namespace pamoja::workflows
