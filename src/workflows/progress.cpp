#include "workflows/progress.hpp"

#include <algorithm>

#include "workflows/internal/flow.hpp"

namespace pamoja::workflows {
namespace {

bool has_role(const Actor& actor, const std::optional<std::string>& role) {
    return !role || actor.is_supervisor || std::ranges::find(actor.roles, *role) != actor.roles.end();
}

json::Value user_facts(const Actor& actor) {
    return json::Value(json::Object{{"id", json::Value(actor.id.text())}});
}

}  // namespace

Actor the_system() {
    return {.id = UserId("system"), .roles = {}, .is_supervisor = true};
}

Progress::Progress(Instance& instance, Actor actor, Timestamp now)
    : instance_(instance), actor_(std::move(actor)), now_(now), user_(user_facts(actor_)) {}

void Progress::start() {
    begin(HistoryEvent::started, std::nullopt, "");
    fire(definition().actions.enter, "enter", std::nullopt);
    enter(0);
}

void Progress::submit(std::string_view step_key, const json::Value& data, const FileCheck& may_use_file) {
    require_open();
    const auto index = definition().find_step(step_key);
    require(index.has_value(), not_found, "This workflow has no such step.");
    require(index == instance_.current(), step_not_current, "It is not this step's turn.");
    require(!instance_.awaits_step_approval(), step_not_current,
            "This step has been submitted and waits for an approval.");
    StepRun& run = instance_.steps[*index];
    require_may_submit(run);
    run.data = checked_form(definition().steps[*index], data, may_use_file);
    run.submitted_by = actor_.id;
    run.submitted_at = now_;
    begin(HistoryEvent::submitted, run.step_key, "");
    plan_.submitted = run.data;
    plan_.changed.insert(*index);
    workflow().status = WorkflowStatus::in_progress;
    if (definition().steps[*index].needs_approval) return show_turn();
    complete_step(*index);
    advance(*index);
}

void Progress::approve(const std::string& comment) {
    require_open();
    if (instance_.awaits_step_approval()) {
        approve_step(*instance_.current(), comment);
    } else {
        approve_workflow(comment);
    }
}

void Progress::approve_step(std::size_t index, const std::string& comment) {
    StepRun& run = instance_.steps[index];
    require_approver(run.approver_role);
    require(!definition().has_four_eyes || run.submitted_by != actor_.id, own_submission,
            "Somebody else must approve what you have submitted.");
    begin(HistoryEvent::step_approved, run.step_key, comment);
    run.decided_by = actor_.id;
    fire(definition().steps[index].actions.approve, "approve", index);
    complete_step(index);
    advance(index);
}

void Progress::approve_workflow(const std::string& comment) {
    const std::size_t left_over = instance_.current().value_or(definition().steps.size());
    std::string missing;
    for (std::size_t i = left_over; i < definition().steps.size(); ++i) {
        const Step& step = definition().steps[i];
        if (step.is_required) missing += (missing.empty() ? "" : ", ") + step.title;
    }
    require(missing.empty(), steps_incomplete, "These steps must be done first: " + missing + ".");
    require_approver(definition().approver_role);
    const bool is_own = std::ranges::any_of(
        instance_.steps, [&](const StepRun& run) { return run.submitted_by == actor_.id; });
    require(!definition().has_four_eyes || !is_own, own_submission,
            "Somebody else must approve what you have submitted.");
    begin(HistoryEvent::approved, std::nullopt, comment);
    skip_from(left_over);
    decide(WorkflowStatus::approved, comment);
}

void Progress::reject(const std::string& comment) {
    require_open();
    const auto index = instance_.current();
    if (instance_.awaits_step_approval()) return reject_step(*index, comment);
    require_approver(definition().approver_role);
    begin(HistoryEvent::rejected, std::nullopt, comment);
    if (index) {
        skip_from(*index + 1);
        instance_.steps[*index].status = StepStatus::rejected;
        plan_.changed.insert(*index);
        plan_.left.insert(*index);
    }
    decide(WorkflowStatus::rejected, comment);
}

void Progress::reject_step(std::size_t index, const std::string& comment) {
    StepRun& run = instance_.steps[index];
    require_approver(run.approver_role);
    begin(HistoryEvent::step_rejected, run.step_key, comment);
    run.decided_by = actor_.id;
    fire(definition().steps[index].actions.reject, "reject", index);
    const auto target = target_of(definition().steps[index].on_reject, index);
    if (target && *target < definition().steps.size()) return move_to(index, *target);
    skip_from(index + 1);
    run.status = StepStatus::rejected;
    plan_.changed.insert(index);
    plan_.left.insert(index);
    decide(WorkflowStatus::rejected, comment);
}

void Progress::return_for_changes(std::optional<std::string_view> step_key, const std::string& comment) {
    require_open();
    const bool awaits_approval = instance_.awaits_step_approval();
    const auto current = instance_.current();
    require_approver(awaits_approval ? instance_.steps[*current].approver_role : definition().approver_role);
    const std::size_t end = current ? *current + (awaits_approval ? 1 : 0) : definition().steps.size();
    std::optional<std::size_t> target;
    if (step_key) {
        target = definition().find_step(*step_key);
        require(target.has_value(), not_found, "This workflow has no such step.");
        require(*target < end && instance_.steps[*target].submitted_at.has_value(), nothing_to_return,
                "Only a step that has been submitted can be returned.");
    } else {
        for (std::size_t i = 0; i < end; ++i) {
            if (instance_.steps[i].submitted_at) target = i;
        }
        require(target.has_value(), nothing_to_return, "Nothing has been submitted yet.");
    }
    begin(HistoryEvent::returned, definition().steps[*target].step_key, comment);
    move_to(current.value_or(definition().steps.size()), *target);
}

void Progress::cancel(const std::string& comment) {
    require_open();
    begin(HistoryEvent::cancelled, std::nullopt, comment);
    skip_from(instance_.current().value_or(definition().steps.size()));
    decide(WorkflowStatus::cancelled, comment);
}

void Progress::reassign(const Assignment& assignment, const std::string& comment) {
    require_open();
    const auto index = instance_.current();
    require(index && !instance_.awaits_step_approval(), step_not_current, "No step waits to be submitted.");
    StepRun& run = instance_.steps[*index];
    begin(HistoryEvent::reassigned, run.step_key, comment);
    run.assignee_id = assignment.user;
    if (assignment.role) run.assignee_role = assignment.role;
    plan_.changed.insert(*index);
    show_turn();
}

bool Progress::remind(std::string_view step_key, std::int64_t round) {
    if (!is_current_round(step_key, round)) return false;
    StepRun& run = instance_.steps[*instance_.current()];
    if (run.reminded_at || !run.due_at || *run.due_at > now_) return false;
    begin(HistoryEvent::overdue, run.step_key, "");
    run.reminded_at = now_;
    plan_.changed.insert(*instance_.current());
    return true;
}

bool Progress::escalate(std::string_view step_key, std::int64_t round) {
    if (!is_current_round(step_key, round)) return false;
    const std::size_t index = *instance_.current();
    const auto& escalation = definition().steps[index].escalation;
    StepRun& run = instance_.steps[index];
    if (run.escalated_at || !escalation) return false;
    begin(HistoryEvent::escalated, run.step_key, "");
    run.escalated_at = now_;
    if (instance_.awaits_step_approval()) {
        run.approver_role = escalation->to_role;
    } else {
        run.assignee_id.reset();
        run.assignee_role = escalation->to_role;
    }
    plan_.changed.insert(index);
    show_turn();
    return true;
}

void Progress::begin(HistoryEvent event, std::optional<std::string> step_key, const std::string& comment) {
    plan_.event = event;
    plan_.step_key = std::move(step_key);
    plan_.comment = comment;
    plan_.from_status = workflow().status;
}

void Progress::require_open() const {
    require(instance_.workflow.is_open(), workflow_closed, "This workflow is over.");
}

void Progress::require_approver(const std::optional<std::string>& role) const {
    require(has_role(actor_, role), not_your_turn, "This decision is up to another role.");
}

void Progress::require_may_submit(const StepRun& run) const {
    const bool is_assigned = !run.assignee_id || actor_.is_supervisor || run.assignee_id == actor_.id;
    require(is_assigned, not_your_turn, "This step is assigned to somebody else.");
    require(run.assignee_id || has_role(actor_, run.assignee_role), not_your_turn,
            "This step is up to another role.");
}

bool Progress::is_current_round(std::string_view step_key, std::int64_t round) const {
    const auto index = instance_.current();
    return instance_.workflow.is_open() && index && definition().steps[*index].step_key == step_key &&
           instance_.steps[*index].round == round;
}

}  // namespace pamoja::workflows
