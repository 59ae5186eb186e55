#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/workflow_views.hpp"
#include "identity/people.hpp"

namespace pamoja::faces::upflame {
namespace {

using workflows::Outcome;
using workflows::Target;

// What every command may say besides its own: which version its caller saw, and that it is a rehearsal.
struct CommandOptions {
    std::optional<std::int64_t> version;
    bool is_rehearsal = false;

    Target target(const Call& call) const {
        return {call.path<workflows::WorkflowId>(), version, is_rehearsal};
    }
    void describe(Fields& f) {
        f("version", version).doc("Of the workflow as you saw it; refused when it has changed since.");
        f.optional("dry_run", is_rehearsal).doc("Tells what would follow, and changes nothing.");
    }
};

struct FollowingAction {
    workflows::FiredAction fired;

    void describe(Fields& f) {
        f("type", fired.action.type);
        f("moment", fired.moment);
        f("step_key", fired.step_key);
        f("template_name", fired.action.template_name).omitted_when_absent();
        f("status", fired.action.status).omitted_when_absent();
        f("event", fired.action.event).omitted_when_absent();
    }
};

// Where the workflow stands after a command.
struct OutcomeView {
    std::string message;
    workflows::Workflow workflow;
    std::optional<std::vector<FollowingAction>> actions;  // of a rehearsal

    void describe(Fields& f) {
        f("message", message);
        f("status", workflow.status);
        f("next_step_key", workflow.current_step_key);
        f("version", workflow.version);
        f("actions", actions).omitted_when_absent();
    }
};

OutcomeView view_of(Call& call, const CommandOptions& options, const Outcome& outcome, const char* action,
                    std::string message) {
    OutcomeView view{std::move(message), outcome.instance.workflow, {}};
    if (!options.is_rehearsal) {
        note(call, call.actor().user_id, action, "workflow:" + view.workflow.id.text());
        return view;
    }
    view.message = "Nothing was changed";
    view.actions.emplace();
    for (const auto& fired : outcome.plan.actions) view.actions->push_back({fired});
    return view;
}

// Asks permissions and policies, which may look at the workflow and at everything submitted so far.
void guard_workflow(Call& call, const workflows::Instance& instance, const char* action) {
    json::Value facts = workflows::facts_of(instance, std::nullopt);
    guard(call, "workflow", action, std::move(*facts.object()));
}

struct SubmitRequest {
    json::Value data;
    CommandOptions options;

    void describe(Fields& f) {
        f("data", data);
        f.include(options);
    }
};

// Whoever started it or is asked for the step may submit it; for others it takes the permission.
void require_may_submit(const Call& call, const workflows::Workflow& workflow) {
    const UserId& caller = call.actor().user_id;
    const bool is_asked = workflow.waits_for_role && call.actor().has_role(*workflow.waits_for_role);
    require(workflow.started_by == caller || workflow.assignee_id == caller || is_asked ||
                may(call, "workflow", "submit"),
            forbidden, "You do not have permission to do this.");
}

OutcomeView submit_step(Call& call, const SubmitRequest& request) {
    require_may_submit(call, visible_workflow(call).workflow);
    const auto outcome = services_of(call).workflow_engine.submit(
        call.tx, actor_of(call), request.options.target(call), call.path<std::string>(1), request.data);
    return view_of(call, request.options, outcome, "workflow.submit", "Step submitted successfully");
}

struct ApproveRequest {
    std::string comments;
    CommandOptions options;

    void describe(Fields& f) {
        f.optional("comments", comments).length(0, 2'000);
        f.include(options);
    }
};

OutcomeView approve_workflow(Call& call, const ApproveRequest& request) {
    guard_workflow(call, visible_workflow(call), "approve");
    const auto outcome = services_of(call).workflow_engine.approve(
        call.tx, actor_of(call), request.options.target(call), request.comments);
    const bool is_step = outcome.plan.event == workflows::HistoryEvent::step_approved;
    return view_of(call, request.options, outcome, "workflow.approve",
                   is_step ? "Step approved successfully" : "Workflow approved successfully");
}

// A refusal says why: as `comments`, like an approval, or as `reason`.
struct ReasonedRequest {
    std::string comments;
    CommandOptions options;

    void describe(Fields& f) {
        f.optional("comments", comments).length(0, 2'000).doc("Why. Needed, unless there is a reason.");
        f.optional("reason", reason_).length(0, 2'000);
        f.include(options);
    }
    void check(Reading& reading) {
        if (comments.empty()) comments = reason_;
        if (!comments.empty()) return;
        reading.path = "comments";
        reading.fail("required", "Comments are required: say why.");
    }

  private:
    std::string reason_;
};

OutcomeView reject_workflow(Call& call, const ReasonedRequest& request) {
    guard_workflow(call, visible_workflow(call), "approve");
    const auto outcome = services_of(call).workflow_engine.reject(
        call.tx, actor_of(call), request.options.target(call), request.comments);
    const bool is_over =
        outcome.plan.event == workflows::HistoryEvent::rejected || !outcome.instance.workflow.is_open();
    return view_of(call, request.options, outcome, "workflow.reject",
                   is_over ? "Workflow rejected" : "Step rejected; it can be submitted again");
}

struct ReturnRequest {
    ReasonedRequest why;
    std::optional<std::string> step_key;

    void describe(Fields& f) {
        f.include(why);
        f("step_key", step_key).length(1, 64).doc("The last one that was submitted, when it is left out.");
    }
    void check(Reading& reading) { why.check(reading); }
};

OutcomeView return_workflow(Call& call, const ReturnRequest& request) {
    guard_workflow(call, visible_workflow(call), "approve");
    const auto outcome = services_of(call).workflow_engine.return_for_changes(
        call.tx, actor_of(call), request.why.options.target(call), request.step_key, request.why.comments);
    return view_of(call, request.why.options, outcome, "workflow.return", "Step returned for changes");
}

OutcomeView cancel_workflow(Call& call, const ApproveRequest& request) {
    const auto instance = visible_workflow(call);
    if (instance.workflow.started_by != call.actor().user_id) guard_workflow(call, instance, "cancel");
    const auto outcome = services_of(call).workflow_engine.cancel(
        call.tx, actor_of(call), request.options.target(call), request.comments);
    return view_of(call, request.options, outcome, "workflow.cancel", "Workflow cancelled");
}

struct ReassignRequest {
    std::optional<UserId> user_id;
    std::optional<std::string> role;
    ApproveRequest why;

    void describe(Fields& f) {
        f("user_id", user_id).length(1, 64);
        f("role", role).length(1, 100).doc("The name of the role whose people may submit the step.");
        f.include(why);
    }
    void check(Reading& reading) const {
        if (user_id || role) return;
        reading.path = "user_id";
        reading.fail("required", "Name a user or a role.");
    }
};

OutcomeView reassign_workflow(Call& call, const ReassignRequest& request) {
    guard_workflow(call, visible_workflow(call), "reassign");
    if (request.user_id) identity::person_of(call.tx, *request.user_id);
    const auto outcome =
        services_of(call).workflow_engine.reassign(call.tx, actor_of(call), request.why.options.target(call),
                                                   {request.user_id, request.role}, request.why.comments);
    return view_of(call, request.why.options, outcome, "workflow.reassign", "Step reassigned");
}

}  // namespace

void mount_workflow_steps(Api& api) {
    api.section("Workflows");
    api.post("/workflows/{id}/steps/{stepKey}/submit", submit_step)
        .named("workflow_submit_step")
        .summary("Submit the form of the current step")
        .idempotent();
    api.post("/workflows/{id}/actions/approve", approve_workflow)
        .named("workflow_approve")
        .summary("Approve the step that waits for it, or the workflow when all required steps are done")
        .idempotent();
    api.post("/workflows/{id}/actions/reject", reject_workflow)
        .named("workflow_reject")
        .summary("Reject the step that waits for an approval, or the workflow")
        .idempotent()
        .addition();
    api.post("/workflows/{id}/actions/return", return_workflow)
        .named("workflow_return")
        .summary("Give a submitted step back for changes")
        .idempotent()
        .addition();
    api.post("/workflows/{id}/actions/cancel", cancel_workflow)
        .named("workflow_cancel")
        .summary("Call a workflow off")
        .idempotent()
        .addition();
    api.post("/workflows/{id}/actions/reassign", reassign_workflow)
        .named("workflow_reassign")
        .summary("Ask another user or role for the current step")
        .idempotent()
        .addition();
}

}  // namespace pamoja::faces::upflame
