#include <algorithm>

#include "access/condition.hpp"
#include "workflows/internal/flow.hpp"
#include "workflows/progress.hpp"

// The half of Progress that every command shares: where a run goes on, and what follows from that.
namespace pamoja::workflows {

void Progress::complete_step(std::size_t index) {
    StepRun& run = instance_.steps[index];
    run.status = StepStatus::completed;
    run.completed_at = now_;
    plan_.changed.insert(index);
    plan_.left.insert(index);
    fire(definition().steps[index].actions.complete, "complete", index);
}

void Progress::advance(std::size_t from) {
    move_to(from, target_of(onward_of(definition().steps[from]), from).value_or(from + 1));
}

void Progress::move_to(std::size_t from, std::size_t target) {
    const std::size_t end = definition().steps.size();
    if (target > from) {
        for (std::size_t i = from + 1; i < target; ++i) {
            instance_.steps[i].status = StepStatus::skipped;
            plan_.changed.insert(i);
        }
    } else {
        for (std::size_t i = target; i < std::min(from + 1, end); ++i) {
            StepRun& run = instance_.steps[i];
            if (run.status == StepStatus::in_progress) plan_.left.insert(i);
            run.status = StepStatus::pending;
            run.submitted_at.reset();
            run.completed_at.reset();
            plan_.changed.insert(i);
        }
    }
    if (target < end) return enter(target);
    workflow().current_step_key.reset();
    show_turn();
    fire(definition().actions.complete, "complete", std::nullopt);
    if (!definition().needs_final_approval) decide(WorkflowStatus::approved, "");
}

void Progress::enter(std::size_t index) {
    const Step& step = definition().steps[index];
    StepRun& run = instance_.steps[index];
    run.status = StepStatus::in_progress;
    ++run.round;
    run.submitted_at.reset();
    run.completed_at.reset();
    run.decided_by.reset();
    run.assignee_id.reset();
    run.assignee_role = step.assignee_role;
    run.approver_role = step.approver_role;
    run.due_at.reset();
    if (step.sla_minutes) run.due_at = now_.plus(std::chrono::minutes(*step.sla_minutes));
    run.reminded_at.reset();
    run.escalated_at.reset();
    workflow().current_step_key = step.step_key;
    plan_.changed.insert(index);
    plan_.entered.insert(index);
    show_turn();
    fire(step.actions.enter, "enter", index);
}

void Progress::skip_from(std::size_t first) {
    for (std::size_t i = first; i < instance_.steps.size(); ++i) {
        if (instance_.steps[i].status == StepStatus::in_progress) plan_.left.insert(i);
        instance_.steps[i].status = StepStatus::skipped;
        plan_.changed.insert(i);
    }
}

void Progress::decide(WorkflowStatus status, const std::string& comment) {
    workflow().status = status;
    workflow().decided_by = actor_.id;
    workflow().decided_at = now_;
    workflow().decision_comment = comment;
    workflow().current_step_key.reset();
    show_turn();
    if (status == WorkflowStatus::approved) fire(definition().actions.approve, "approve", std::nullopt);
    if (status == WorkflowStatus::rejected) fire(definition().actions.reject, "reject", std::nullopt);
}

void Progress::show_turn() {
    Workflow& shown = workflow();
    shown.waits_for_role.reset();
    shown.assignee_id.reset();
    shown.due_at.reset();
    if (!shown.is_open()) return;
    const auto index = instance_.current();
    if (!index) {
        shown.waits_for_role = definition().approver_role;
        return;
    }
    const StepRun& run = instance_.steps[*index];
    const bool awaits_approval = instance_.awaits_step_approval();
    shown.waits_for_role = awaits_approval ? run.approver_role : run.assignee_role;
    if (!awaits_approval) shown.assignee_id = run.assignee_id;
    shown.due_at = run.due_at;
}

std::optional<std::size_t> Progress::target_of(const std::vector<Transition>& list, std::size_t step) const {
    for (const Transition& transition : list) {
        if (transition.when && !holds(*transition.when, step)) continue;
        if (!transition.next_step_key) return definition().steps.size();
        return definition().find_step(*transition.next_step_key);
    }
    return std::nullopt;
}

bool Progress::holds(const json::Value& when, std::optional<std::size_t> step) const {
    const json::Value attributes = facts_of(instance_, step);
    return access::Condition::compile(when, "when")
        .holds({.attributes = attributes, .now = now_, .user = &user_, .roles = &actor_.roles});
}

json::Value Progress::user_with_roles() const {
    json::Value user = user_;
    json::Array roles;
    for (const std::string& role : actor_.roles) roles.emplace_back(role);
    user.object()->emplace_back("role", roles.empty() ? json::Value() : roles.front());
    user.object()->emplace_back("roles", json::Value(std::move(roles)));
    return user;
}

void Progress::fire(const std::vector<Action>& actions, const char* moment, std::optional<std::size_t> step) {
    for (const Action& action : actions) {
        if (action.when && !holds(*action.when, step)) continue;
        FiredAction fired{.action = action, .moment = moment};
        if (step) {
            fired.step_key = instance_.steps[*step].step_key;
            fired.submitter = instance_.steps[*step].submitted_by;
            fired.data = instance_.steps[*step].data;
        }
        if (action.variables) {
            json::Value known = facts_of(instance_, step);
            known.object()->emplace_back("user", user_with_roles());
            json::Object variables;
            for (const auto& [name, path] : *action.variables->object()) {
                const auto* value = known.at(*path.string());
                variables.emplace_back(name, value != nullptr ? *value : json::Value());
            }
            fired.variables = json::Value(std::move(variables));
        }
        plan_.actions.push_back(std::move(fired));
    }
}

}  // namespace pamoja::workflows
