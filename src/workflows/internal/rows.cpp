#include "workflows/internal/rows.hpp"

#include "workflows/history.hpp"

namespace pamoja::workflows {
namespace {

void update_step(Tx& tx, const StepRun& run) {
    tx.run(
        "UPDATE workflow_steps SET status = $2, round = $3, data = $4, submitted_by = $5, submitted_at = $6, "
        "completed_at = $7, decided_by = $8, assignee_id = $9, assignee_role = $10, approver_role = $11, "
        "due_at = $12, reminded_at = $13, escalated_at = $14 "
        "WHERE tenant_id = :tenant AND id = $1 AND workflow_id = $15",
        run.id, run.status, run.round, run.data, run.submitted_by, run.submitted_at, run.completed_at,
        run.decided_by, run.assignee_id, run.assignee_role, run.approver_role, run.due_at, run.reminded_at,
        run.escalated_at, run.workflow_id);
}

json::Value details_of(const Instance& instance, const Plan& plan) {
    json::Object details;
    details.emplace_back("next_step_key", instance.workflow.current_step_key
                                              ? json::Value(*instance.workflow.current_step_key)
                                              : json::Value());
    if (!plan.actions.empty()) {
        json::Array actions;
        for (const FiredAction& fired : plan.actions) actions.emplace_back(name_of(fired.action.type));
        details.emplace_back("actions", json::Value(std::move(actions)));
    }
    if (plan.event == HistoryEvent::submitted) details.emplace_back("data", plan.submitted);
    if (plan.event == HistoryEvent::reassigned) {
        const StepRun& run = instance.steps[*instance.current()];
        details.emplace_back("assignee_id",
                             run.assignee_id ? json::Value(run.assignee_id->text()) : json::Value());
        details.emplace_back("assignee_role",
                             run.assignee_role ? json::Value(*run.assignee_role) : json::Value());
    }
    return json::Value(std::move(details));
}

}  // namespace

void insert_instance(Tx& tx, const Instance& instance) {
    tx.insert("workflows", instance.workflow);
    tx.insert_all("workflow_steps", instance.steps);
}

bool update_instance(Tx& tx, const Instance& instance, const Plan& plan, std::int64_t from_version) {
    const Workflow& workflow = instance.workflow;
    const auto changed = tx.run(
        "UPDATE workflows SET status = $2, current_step_key = $3, waits_for_role = $4, assignee_id = $5, "
        "due_at = $6, decided_by = $7, decided_at = $8, decision_comment = $9, version = $10, "
        "history_count = $11, updated_at = $12 WHERE tenant_id = :tenant AND id = $1 AND version = $13",
        workflow.id, workflow.status, workflow.current_step_key, workflow.waits_for_role,
        workflow.assignee_id, workflow.due_at, workflow.decided_by, workflow.decided_at,
        workflow.decision_comment, workflow.version, workflow.history_count, workflow.updated_at,
        from_version);
    if (changed == 0) return false;
    for (const std::size_t index : plan.changed) update_step(tx, instance.steps[index]);
    return true;
}

void insert_history(Tx& tx, const Instance& instance, const Plan& plan, const UserId& actor) {
    tx.insert("workflow_history", HistoryEntry{.workflow_id = instance.workflow.id,
                                               .number = instance.workflow.history_count,
                                               .event = plan.event,
                                               .step_key = plan.step_key,
                                               .actor_id = actor,
                                               .comment = plan.comment,
                                               .from_status = plan.from_status,
                                               .to_status = instance.workflow.status,
                                               .details = details_of(instance, plan),
                                               .recorded_at = tx.now()});
}

}  // namespace pamoja::workflows
