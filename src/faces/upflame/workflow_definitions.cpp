#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "workflows/engine.hpp"

namespace pamoja::faces::upflame {
namespace {

struct DefinitionRequest {
    workflows::Definition definition;

    void describe(Fields& f) { f.include(definition); }
};

struct DefinitionView {
    workflows::Definition definition;

    void describe(Fields& f) {
        f("version", definition.version);
        f.include(definition);
    }
};

void note_definition(Call& call, const char* action, const workflows::Definition& definition) {
    note(call, call.actor().user_id, action, "workflow_definition:" + definition.id.text(),
         {{"version", json::Value(definition.version)}});
}

DefinitionView create_definition(Call& call, const DefinitionRequest& request) {
    const auto definition = workflows::define(call.tx, request.definition, call.actor().user_id,
                                              services_of(call).workflow_engine.actions().names);
    note_definition(call, "workflow_definition.create", definition);
    return {definition};
}

struct NewVersionRequest {
    DefinitionRequest definition;
    std::optional<std::int64_t> based_on;

    void describe(Fields& f) {
        f.include(definition);
        f("based_on", based_on).doc("The version that you saw; refused when there is a newer one.");
    }
};

DefinitionView change_definition(Call& call, const NewVersionRequest& request) {
    const auto definition = workflows::revise(
        call.tx, call.path<workflows::DefinitionId>(), request.definition.definition, call.actor().user_id,
        request.based_on, services_of(call).workflow_engine.actions().names);
    note_definition(call, "workflow_definition.update", definition);
    return {definition};
}

struct DefinitionQuery {
    std::optional<std::string> entity_type;
    PageQuery page;

    void describe(Fields& f) {
        f("entity_type", entity_type).length(1, 64);
        f.include(page);
    }
};

struct DefinitionHeadView {
    workflows::DefinitionHead head;

    void describe(Fields& f) { f.include(head); }
};

Listed<DefinitionHeadView> list_definitions(Call& call, const DefinitionQuery& query) {
    return listed<DefinitionHeadView>(
        workflows::definitions(call.tx, query.entity_type, query.page.request()));
}

struct VersionQuery {
    std::optional<std::int64_t> version;

    void describe(Fields& f) { f("version", version).at_least(1).doc("The latest when it is left out."); }
};

DefinitionView show_definition(Call& call, const VersionQuery& query) {
    const auto id = call.path<workflows::DefinitionId>();
    if (query.version) return {workflows::definition_version(call.tx, id, *query.version)};
    return {workflows::latest_definition(call.tx, id)};
}

}  // namespace

void mount_workflow_definitions(Api& api) {
    api.section("Workflows");
    api.get("/workflow-definitions", list_definitions)
        .named("workflow_definition_list")
        .summary("The workflow definitions by name, each with its latest version")
        .addition();
    api.post("/workflow-definitions", create_definition)
        .named("workflow_definition_create")
        .summary("Define a workflow: steps, forms, approvals, deadlines, actions")
        .needs("workflow_definition.create")
        .idempotent()
        .created()
        .addition();
    api.get("/workflow-definitions/{id}", show_definition)
        .named("workflow_definition_show")
        .summary("One workflow definition with its conditions")
        .needs("workflow_definition.read")
        .addition();
    api.put("/workflow-definitions/{id}", change_definition)
        .named("workflow_definition_update")
        .summary("Write the next version; workflows that have begun keep theirs")
        .needs("workflow_definition.update")
        .addition();
}

}  // namespace pamoja::faces::upflame
