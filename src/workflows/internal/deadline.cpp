#include "workflows/internal/deadline.hpp"

namespace pamoja::workflows {
namespace {

// One job for each turn, so that one that still runs never stands in the way of the next turn's.
std::string key_of(const jobs::Kind& kind, const StepRun& run, std::int64_t round) {
    return std::string(kind.name) + ":" + run.id.text() + ":" + std::to_string(round);
}

void schedule(Tx& tx, const jobs::Kind& kind, const StepRun& run, Timestamp at) {
    jobs::enqueue(tx, {.kind = kind,
                       .payload = jobs::payload_of(StepTurn{run.workflow_id, run.step_key, run.round}),
                       .run_at = at,
                       .unique_key = key_of(kind, run, run.round)});
}

}  // namespace

void StepTurn::describe(Fields& f) {
    f("workflow_id", workflow_id);
    f("step_key", step_key);
    f("round", round);
}

void schedule_deadlines(Tx& tx, const Instance& instance, const Plan& plan) {
    for (const std::size_t index : plan.left) {
        const StepRun& run = instance.steps[index];
        if (!instance.definition.steps[index].sla_minutes) continue;
        const std::int64_t round = run.round - (plan.entered.contains(index) ? 1 : 0);
        jobs::cancel(tx, key_of(remind_of_step, run, round));
        jobs::cancel(tx, key_of(escalate_step, run, round));
    }
    for (const std::size_t index : plan.entered) {
        const StepRun& run = instance.steps[index];
        if (run.due_at) schedule(tx, remind_of_step, run, *run.due_at);
    }
}

void schedule_escalation(Tx& tx, const StepRun& run, const Escalation& escalation) {
    schedule(tx, escalate_step, run, run.due_at->plus(std::chrono::minutes(escalation.after_minutes)));
}

}  // namespace pamoja::workflows
