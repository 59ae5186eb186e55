#include "workflows/engine.hpp"

#include "workflows/internal/deadline.hpp"
#include "workflows/internal/rows.hpp"

namespace pamoja::workflows {
namespace {

json::Value text_or_null(const std::optional<std::string>& text) {
    return text ? json::Value(*text) : json::Value();
}

json::Object event_data(const Actor& actor, const Instance& instance) {
    const Workflow& workflow = instance.workflow;
    json::Object data;
    data.emplace_back("workflow_id", json::Value(workflow.id.text()));
    data.emplace_back("definition_id", json::Value(workflow.definition_id.text()));
    data.emplace_back("entity_type", json::Value(workflow.entity_type));
    data.emplace_back("entity_id", json::Value(workflow.entity_id));
    data.emplace_back("status", json::Value(name_of(workflow.status)));
    data.emplace_back("next_step_key", text_or_null(workflow.current_step_key));
    data.emplace_back("actor_id", json::Value(actor.id.text()));
    return data;
}

void publish_event(Tx& tx, const Actor& actor, const Instance& instance, const Plan& plan) {
    json::Object data = event_data(actor, instance);
    data.emplace_back("step_key", text_or_null(plan.step_key));
    jobs::publish(tx, std::string("workflow.") + name_of(plan.event), json::Value(data));
    // A workflow that needs no final approval is approved by its last step.
    const bool is_approved_silently =
        instance.workflow.status == WorkflowStatus::approved && plan.event != HistoryEvent::approved;
    if (is_approved_silently) jobs::publish(tx, "workflow.approved", json::Value(std::move(data)));
}

Instance new_instance(Tx& tx, const Actor& actor, const NewWorkflow& wanted, Definition definition) {
    Workflow workflow{.id = tx.new_id<WorkflowId>(),
                      .definition_id = definition.id,
                      .definition_version = definition.version,
                      .entity_type = wanted.entity_type,
                      .entity_id = wanted.entity_id,
                      .started_by = actor.id,
                      .created_at = tx.now(),
                      .updated_at = tx.now()};
    std::vector<StepRun> steps;
    for (const Step& step : definition.steps) {
        steps.push_back({.id = tx.new_id<StepId>(),
                         .workflow_id = workflow.id,
                         .position = static_cast<std::int64_t>(steps.size()),
                         .step_key = step.step_key});
    }
    return {std::move(workflow), std::move(steps), std::move(definition)};
}

}  // namespace

Instance Engine::start(Tx& tx, const Actor& actor, const NewWorkflow& wanted) const {
    Definition definition = latest_definition(tx, wanted.definition_id);
    require_field(definition.entity_type == wanted.entity_type, "entity_type", "invalid",
                  "This workflow definition is for something else: " + definition.entity_type + ".");
    Instance instance = new_instance(tx, actor, wanted, std::move(definition));
    Progress progress(instance, actor, tx.now());
    progress.start();
    save(tx, actor, instance, progress.plan(), true);
    return instance;
}

template <class Command>
Outcome Engine::run(Tx& tx, const Actor& actor, const Target& target, Command command) const {
    Instance instance = instance_of(tx, target.id);
    require(!target.version || *target.version == instance.workflow.version, workflow_changed,
            "Somebody else has changed this workflow in the meantime.");
    Progress progress(instance, actor, tx.now());
    command(progress);
    Plan plan = progress.take_plan();
    if (!target.is_rehearsal) save(tx, actor, instance, plan, false);
    return {std::move(instance), std::move(plan)};
}

Outcome Engine::submit(Tx& tx, const Actor& actor, const Target& target, std::string_view step_key,
                       const json::Value& data) const {
    const FileCheck may_use_file = [&](const std::string& file_id) {
        return actions_.may_use_file && actions_.may_use_file(tx, actor, file_id);
    };
    return run(tx, actor, target, [&](Progress& p) { p.submit(step_key, data, may_use_file); });
}

Outcome Engine::approve(Tx& tx, const Actor& actor, const Target& target, const std::string& comment) const {
    return run(tx, actor, target, [&](Progress& p) { p.approve(comment); });
}

Outcome Engine::reject(Tx& tx, const Actor& actor, const Target& target, const std::string& comment) const {
    return run(tx, actor, target, [&](Progress& p) { p.reject(comment); });
}

Outcome Engine::return_for_changes(Tx& tx, const Actor& actor, const Target& target,
                                   std::optional<std::string_view> step_key,
                                   const std::string& comment) const {
    return run(tx, actor, target, [&](Progress& p) { p.return_for_changes(step_key, comment); });
}

Outcome Engine::cancel(Tx& tx, const Actor& actor, const Target& target, const std::string& comment) const {
    return run(tx, actor, target, [&](Progress& p) { p.cancel(comment); });
}

Outcome Engine::reassign(Tx& tx, const Actor& actor, const Target& target,
                         const Progress::Assignment& assignment, const std::string& comment) const {
    return run(tx, actor, target, [&](Progress& p) { p.reassign(assignment, comment); });
}

void Engine::save(Tx& tx, const Actor& actor, Instance& instance, const Plan& plan, bool is_new) const {
    Workflow& workflow = instance.workflow;
    const std::int64_t seen = workflow.version;
    workflow.updated_at = tx.now();
    ++workflow.history_count;
    if (is_new) {
        insert_instance(tx, instance);
    } else {
        // A reminder changes nothing that somebody who fills in a form has to know.
        if (plan.event != HistoryEvent::overdue) ++workflow.version;
        require(update_instance(tx, instance, plan, seen), workflow_changed,
                "Somebody else has changed this workflow in the meantime.");
    }
    insert_history(tx, instance, plan, actor.id);
    schedule_deadlines(tx, instance, plan);
    publish_event(tx, actor, instance, plan);
    for (const FiredAction& fired : plan.actions) perform(tx, actor, instance, fired);
}

void Engine::perform(Tx& tx, const Actor& actor, const Instance& instance, const FiredAction& fired) const {
    switch (fired.action.type) {
        case ActionType::send_notification:
            return notify(tx, instance, fired);
        case ActionType::set_provider_status:
            if (actions_.set_provider_status)
                actions_.set_provider_status(tx, instance.workflow.entity_id, *fired.action.status);
            return;
        case ActionType::call_webhook:
        case ActionType::publish_event: {
            json::Object data = event_data(actor, instance);
            data.emplace_back("step_key", text_or_null(fired.step_key));
            // A receiver outside cannot ask for what was submitted; a subscriber inside can.
            if (fired.action.type == ActionType::call_webhook) data.emplace_back("data", fired.data);
            return jobs::publish(tx, *fired.action.event, json::Value(std::move(data)));
        }
    }
}

void Engine::notify(Tx& tx, const Instance& instance, const FiredAction& fired) const {
    if (!actions_.send_notification) return;
    const Workflow& workflow = instance.workflow;
    Notice notice{.template_name = *fired.action.template_name,
                  .channel = fired.action.channel,
                  .variables = fired.variables,
                  .about = workflow};
    switch (*fired.action.to) {
        case Audience::starter:
            notice.to_user = workflow.started_by;
            break;
        case Audience::submitter:
            notice.to_user = fired.submitter;
            break;
        case Audience::assignee:
            notice.to_user = workflow.assignee_id;
            if (!notice.to_user) notice.to_role = workflow.waits_for_role;
            break;
        case Audience::entity:
            if (actions_.person_behind)
                notice.to_user = actions_.person_behind(tx, workflow.entity_type, workflow.entity_id);
            break;
    }
    if (notice.to_user || notice.to_role) actions_.send_notification(tx, notice);
}

}  // namespace pamoja::workflows
