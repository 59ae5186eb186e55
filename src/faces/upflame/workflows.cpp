#include <algorithm>

#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "faces/upflame/workflow_views.hpp"
#include "providers/provider.hpp"

namespace pamoja::faces::upflame {

workflows::Actor actor_of(const Call& call) {
    return {.id = call.actor().user_id,
            .roles = call.actor().roles,
            .is_supervisor = may(call, "workflow", "override")};
}

workflows::Instance visible_workflow(Call& call) {
    auto instance = workflows::instance_of(call.tx, call.path<workflows::WorkflowId>());
    const workflows::Workflow& workflow = instance.workflow;
    const UserId& caller = call.actor().user_id;
    const bool is_asked = workflow.waits_for_role && call.actor().has_role(*workflow.waits_for_role);
    require(workflow.started_by == caller || workflow.assignee_id == caller || is_asked ||
                may(call, "workflow", "read") || may(call, "workflow", "approve"),
            not_found, "There is no such workflow.");
    return instance;
}

namespace {

bool is_own_provider(Call& call, const workflows::NewWorkflow& wanted) {
    if (wanted.entity_type != "provider") return false;
    const auto provider = providers::provider_of_user(call.tx, call.actor().user_id);
    return provider && provider->id.text() == wanted.entity_id;
}

}  // namespace

workflows::Instance start_workflow(Call& call, const workflows::NewWorkflow& wanted) {
    if (!is_own_provider(call, wanted)) {
        json::Object facts;
        facts.emplace_back("definition_id", json::Value(wanted.definition_id.text()));
        facts.emplace_back("entity_type", json::Value(wanted.entity_type));
        facts.emplace_back("entity_id", json::Value(wanted.entity_id));
        guard(call, "workflow", "create", {{"workflow", json::Value(std::move(facts))}});
    }
    auto instance = services_of(call).workflow_engine.start(call.tx, actor_of(call), wanted);
    note(call, call.actor().user_id, "workflow.create", "workflow:" + instance.workflow.id.text());
    return instance;
}

WorkflowDetailView detail_of(const workflows::Instance& instance) {
    WorkflowDetailView view{{instance.workflow}, {}};
    for (std::size_t i = 0; i < instance.steps.size(); ++i)
        view.steps.push_back({instance.steps[i], instance.definition.steps[i]});
    return view;
}

namespace {

struct NewWorkflowRequest {
    workflows::NewWorkflow wanted;

    void describe(Fields& f) {
        f("definition_id", wanted.definition_id).length(1, 64);
        f("entity_type", wanted.entity_type).length(1, 64);
        f("entity_id", wanted.entity_id).length(1, 100);
    }
};

WorkflowView create_workflow(Call& call, const NewWorkflowRequest& request) {
    return {start_workflow(call, request.wanted).workflow};
}

struct WorkflowQuery {
    workflows::WorkflowFilter filter;
    bool is_overdue = false;
    PageQuery page;

    void describe(Fields& f) {
        f("status", filter.status);
        f("definition_id", filter.definition_id).length(1, 64);
        f("entity_type", filter.entity_type).length(1, 64);
        f("entity_id", filter.entity_id).length(1, 100);
        f("assignee_role", filter.waits_for_role).length(1, 100);
        f("assignee_id", filter.assignee_id).length(1, 64);
        f.optional("overdue", is_overdue).doc("Only those whose current step should have been done.");
        f.include(page);
    }
};

Listed<WorkflowView> list_workflows(Call& call, const WorkflowQuery& query) {
    auto filter = query.filter;
    if (query.is_overdue) filter.due_before = call.tx.now();
    const bool is_asked = filter.waits_for_role && call.actor().has_role(*filter.waits_for_role);
    if (!is_asked && !may(call, "workflow", "read")) filter.concerns = call.actor().user_id;
    return listed<WorkflowView>(workflows::workflows(call.tx, filter, query.page.request()));
}

WorkflowDetailView show_workflow(Call& call) {
    return detail_of(visible_workflow(call));
}

struct HistoryView {
    workflows::HistoryEntry entry;

    void describe(Fields& f) {
        f("number", entry.number);
        f("event", entry.event);
        f("step_key", entry.step_key);
        f("actor_id", entry.actor_id);
        f("comments", entry.comment);
        f("from_status", entry.from_status);
        f("to_status", entry.to_status);
        f("details", entry.details);
        f("recorded_at", entry.recorded_at);
    }
};

Listed<HistoryView> list_history(Call& call, const PageQuery& page) {
    const auto id = visible_workflow(call).workflow.id;
    return listed<HistoryView>(workflows::history_of(call.tx, id, page.request()));
}

}  // namespace

void mount_workflows(Api& api) {
    api.section("Workflows");
    api.post("/workflows", create_workflow)
        .named("workflow_create")
        .summary("Start a workflow for a provider or another thing")
        .idempotent()
        .created();
    api.get("/workflows", list_workflows)
        .named("workflow_list")
        .summary("Workflows, newest first: your own, or all with the permission workflow.read")
        .addition();
    api.get("/workflows/{id}", show_workflow)
        .named("workflow_show")
        .summary("One workflow with all of its steps, their forms and what was submitted");
    api.get("/workflows/{id}/history", list_history)
        .named("workflow_history")
        .summary("Everything that happened to a workflow, oldest first")
        .addition();
}

}  // namespace pamoja::faces::upflame
