#pragma once
#include "faces/shared/call.hpp"
#include "workflows/engine.hpp"

namespace pamoja::faces::upflame {

// The caller as workflows see them. Who may override workflows does what another role or assignee is asked
// to.
workflows::Actor actor_of(const Call&);

// Starts one for the caller: for the provider that they are, or for anything with the permission
// workflow.create.
workflows::Instance start_workflow(Call&, const workflows::NewWorkflow&);

// The workflow that the path names, for whoever started it, is asked for its current step, or may read all.
// Throws not_found for everybody else.
workflows::Instance visible_workflow(Call&);

struct WorkflowView {
    workflows::Workflow workflow;

    void describe(Fields& f) {
        f("id", workflow.id);
        f("definition_id", workflow.definition_id);
        f("definition_version", workflow.definition_version);
        f("entity_type", workflow.entity_type);
        f("entity_id", workflow.entity_id);
        f("status", workflow.status);
        f("current_step_key", workflow.current_step_key);
        f("waits_for_role", workflow.waits_for_role);
        f("assignee_id", workflow.assignee_id);
        f("due_at", workflow.due_at);
        f("started_by", workflow.started_by);
        f("decided_by", workflow.decided_by);
        f("decided_at", workflow.decided_at);
        f("comments", workflow.decision_comment);
        f("version", workflow.version);
        f("created_at", workflow.created_at);
        f("updated_at", workflow.updated_at);
    }
};

struct StepView {
    workflows::StepRun run;
    workflows::Step step;

    void describe(Fields& f) {
        f("id", run.id);
        f("step_key", run.step_key);
        f("title", step.title);
        f("status", run.status);
        f("is_required", step.is_required);
        f("needs_approval", step.needs_approval);
        f("assignee_role", run.assignee_role).omitted_when_absent();
        f("due_at", run.due_at).omitted_when_absent();
        f("submitted_by", run.submitted_by).omitted_when_absent();
        f("submitted_at", run.submitted_at).omitted_when_absent();
        f("completed_at", run.completed_at).omitted_when_absent();
        f("form_fields", step.form_fields);
        f("data", run.data);
    }
};

struct WorkflowDetailView {
    WorkflowView head;
    std::vector<StepView> steps;

    void describe(Fields& f) {
        f.include(head);
        f("steps", steps);
    }
};

WorkflowDetailView detail_of(const workflows::Instance&);

}  // namespace pamoja::faces::upflame
