#include "workflows/engine.hpp"
#include "workflows/internal/deadline.hpp"

// What time does to a run: reminders and escalations.
namespace pamoja::workflows {
namespace {

json::Value variables_of(const Instance& instance, const StepRun& run) {
    const Step& step = instance.definition.steps[static_cast<std::size_t>(run.position)];
    json::Object variables;
    variables.emplace_back("workflow_id", json::Value(instance.workflow.id.text()));
    variables.emplace_back("step_title", json::Value(step.title));
    variables.emplace_back("due_at", run.due_at ? json::Value(run.due_at->text()) : json::Value());
    variables.emplace_back("entity_type", json::Value(instance.workflow.entity_type));
    variables.emplace_back("entity_id", json::Value(instance.workflow.entity_id));
    return json::Value(std::move(variables));
}

}  // namespace

void Engine::handle_jobs(jobs::Handlers& handlers) const {
    handlers.add(remind_of_step, [this](Tx& tx, const jobs::Job& job) { remind(tx, job); });
    handlers.add(escalate_step, [this](Tx& tx, const jobs::Job& job) { escalate(tx, job); });
}

void Engine::remind(Tx& tx, const jobs::Job& job) const {
    const auto turn = jobs::payload_as<StepTurn>(job);
    Instance instance = instance_of(tx, turn.workflow_id);
    Progress progress(instance, the_system(), tx.now());
    if (!progress.remind(turn.step_key, turn.round)) return;
    save(tx, the_system(), instance, progress.plan(), false);
    const std::size_t index = *instance.current();
    const auto& escalation = instance.definition.steps[index].escalation;
    if (escalation) schedule_escalation(tx, instance.steps[index], *escalation);
    notify_of_step(tx, instance, instance.steps[index], overdue_template);
}

void Engine::escalate(Tx& tx, const jobs::Job& job) const {
    const auto turn = jobs::payload_as<StepTurn>(job);
    Instance instance = instance_of(tx, turn.workflow_id);
    Progress progress(instance, the_system(), tx.now());
    if (!progress.escalate(turn.step_key, turn.round)) return;
    save(tx, the_system(), instance, progress.plan(), false);
    notify_of_step(tx, instance, instance.steps[*instance.current()], escalated_template);
}

void Engine::notify_of_step(Tx& tx, const Instance& instance, const StepRun& run,
                            const char* template_name) const {
    if (!actions_.send_notification) return;
    const Workflow& workflow = instance.workflow;
    Notice notice{
        .template_name = template_name, .variables = variables_of(instance, run), .about = workflow};
    notice.to_user = workflow.assignee_id;
    if (!notice.to_user) notice.to_role = workflow.waits_for_role;
    // Nobody in particular is asked for this step, so whoever started the workflow is told.
    if (!notice.to_user && !notice.to_role) notice.to_user = workflow.started_by;
    actions_.send_notification(tx, notice);
}

}  // namespace pamoja::workflows
