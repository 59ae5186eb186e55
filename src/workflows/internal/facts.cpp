#include "workflows/progress.hpp"

namespace pamoja::workflows {
namespace {

json::Value text_or_null(const std::optional<std::string>& text) {
    return text ? json::Value(*text) : json::Value();
}

json::Value facts_of(const Workflow& workflow) {
    json::Object facts;
    facts.emplace_back("id", json::Value(workflow.id.text()));
    facts.emplace_back("definition_id", json::Value(workflow.definition_id.text()));
    facts.emplace_back("entity_type", json::Value(workflow.entity_type));
    facts.emplace_back("entity_id", json::Value(workflow.entity_id));
    facts.emplace_back("status", json::Value(name_of(workflow.status)));
    facts.emplace_back("started_by", json::Value(workflow.started_by.text()));
    facts.emplace_back("assignee_id",
                       workflow.assignee_id ? json::Value(workflow.assignee_id->text()) : json::Value());
    facts.emplace_back("current_step_key", text_or_null(workflow.current_step_key));
    facts.emplace_back("created_at", json::Value(workflow.created_at.text()));
    return json::Value(std::move(facts));
}

}  // namespace

json::Value facts_of(const Instance& instance, std::optional<std::size_t> step) {
    json::Object steps;
    for (const StepRun& run : instance.steps) steps.emplace_back(run.step_key, run.data);
    json::Object facts;
    facts.emplace_back("workflow", facts_of(instance.workflow));
    facts.emplace_back("steps", json::Value(std::move(steps)));
    if (step) facts.emplace_back("data", instance.steps[*step].data);
    return json::Value(std::move(facts));
}

}  // namespace pamoja::workflows
