#include "workflows/definitions.hpp"

#include <algorithm>

#include "workflows/internal/faults.hpp"

namespace pamoja::workflows {
namespace {

constexpr std::size_t body_max = 128 * 1024;

// One version as it is stored; a row never changes.
struct VersionRow {
    DefinitionId id{};
    std::int64_t version = 1;
    Definition body{};
    UserId created_by{};
    Timestamp created_at{};

    void describe(Fields& f) {
        f("id", id);
        f("version", version);
        f("body", body);
        f("created_by", created_by);
        f("created_at", created_at);
    }
};

class NameFaults {
  public:
    NameFaults(Tx& tx, const NameChecks& checks) : tx_(tx), checks_(checks) {}

    void check(const ActionPlan& plan, const std::string& place) {
        check_all(plan.enter, place + ".enter");
        check_all(plan.complete, place + ".complete");
        check_all(plan.approve, place + ".approve");
        check_all(plan.reject, place + ".reject");
    }
    std::vector<FieldError> take() { return std::move(faults_.errors); }

  private:
    template <class Check>
    void check_name(const std::optional<std::string>& name, const Check& check, std::string place) {
        if (!name || !check) return;
        if (const std::string fault = check(tx_, *name); !fault.empty())
            faults_.add(std::move(place), "unknown", fault);
    }
    void check_all(const std::vector<Action>& actions, const std::string& list) {
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const std::string place = item_place(list, i);
            check_name(actions[i].template_name, checks_.notification_template, place + ".template_name");
            check_name(actions[i].status, checks_.provider_status, place + ".status");
            check_name(actions[i].channel, checks_.channel, place + ".channel");
        }
    }

    Tx& tx_;
    const NameChecks& checks_;
    Faults faults_;
};

// Upflame: the approval of a provider's workflow makes the provider active, unless it says otherwise.
void make_approval_activate(Definition& definition) {
    auto& on_approval = definition.actions.approve;
    if (definition.entity_type != "provider") return;
    if (std::ranges::any_of(on_approval, [](const Action& action) {
            return action.type == ActionType::set_provider_status;
        })) {
        return;
    }
    Action activate;
    activate.type = ActionType::set_provider_status;
    activate.status = "active";
    on_approval.push_back(std::move(activate));
}

void check_definition(Tx& tx, const Definition& definition, const NameChecks& checks) {
    require_sound(definition);
    require_field(write_json(definition, WireStyle::storage()).size() <= body_max, "steps", "too_long",
                  "A definition must be under 128 kB.");
    NameFaults names(tx, checks);
    names.check(definition.actions, "actions");
    for (std::size_t i = 0; i < definition.steps.size(); ++i)
        names.check(definition.steps[i].actions, item_place("steps", i) + ".actions");
    auto errors = names.take();
    if (!errors.empty()) throw Failure(validation_failed, "Validation failed", std::move(errors));
}

DefinitionHead head_of(const Definition& definition, Timestamp created_at, Timestamp updated_at) {
    return {.id = definition.id,
            .version = definition.version,
            .name = definition.name,
            .description = definition.description,
            .entity_type = definition.entity_type,
            .created_at = created_at,
            .updated_at = updated_at};
}

void write_version(Tx& tx, const Definition& definition, const UserId& author) {
    tx.insert("workflow_definition_versions", VersionRow{.id = definition.id,
                                                         .version = definition.version,
                                                         .body = definition,
                                                         .created_by = author,
                                                         .created_at = tx.now()});
}

}  // namespace

void DefinitionHead::describe(Fields& f) {
    f("id", id);
    f("version", version);
    f("name", name);
    f("description", description);
    f("entity_type", entity_type);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Definition define(Tx& tx, Definition definition, const UserId& author, const NameChecks& checks) {
    if (definition.id.empty()) definition.id = tx.new_id<DefinitionId>();
    definition.version = 1;
    make_approval_activate(definition);
    check_definition(tx, definition, checks);
    require(tx.insert_if_absent("workflow_definitions", head_of(definition, tx.now(), tx.now())),
            definition_exists, "There is a workflow definition of this id already.");
    write_version(tx, definition, author);
    return definition;
}

Definition revise(Tx& tx, const DefinitionId& id, Definition definition, const UserId& author,
                  std::optional<std::int64_t> based_on, const NameChecks& checks) {
    const auto latest =
        tx.maybe<DefinitionHead>("FROM workflow_definitions WHERE tenant_id = :tenant AND id = $1", id);
    require(latest.has_value(), not_found, "There is no such workflow definition.");
    require(!based_on || *based_on == latest->version, definition_changed,
            "Somebody else has changed this definition in the meantime.");
    definition.id = id;
    definition.version = latest->version + 1;
    make_approval_activate(definition);
    check_definition(tx, definition, checks);
    const auto changed = tx.run(
        "UPDATE workflow_definitions SET version = $2, name = $3, description = $4, entity_type = $5, "
        "updated_at = $6 WHERE tenant_id = :tenant AND id = $1 AND version = $7",
        id, definition.version, definition.name, definition.description, definition.entity_type, tx.now(),
        latest->version);
    require(changed == 1, definition_changed, "Somebody else has changed this definition in the meantime.");
    write_version(tx, definition, author);
    return definition;
}

Definition latest_definition(Tx& tx, const DefinitionId& id) {
    const auto version = tx.value<std::int64_t>(
        "SELECT version FROM workflow_definitions WHERE tenant_id = :tenant AND id = $1", id);
    require(version.has_value(), not_found, "There is no such workflow definition.");
    return definition_version(tx, id, *version);
}

Definition definition_version(Tx& tx, const DefinitionId& id, std::int64_t version) {
    auto row = tx.maybe<VersionRow>(
        "FROM workflow_definition_versions WHERE tenant_id = :tenant AND id = $1 AND version = $2", id,
        version);
    require(row.has_value(), not_found, "There is no such workflow definition.");
    row->body.version = version;
    return std::move(row->body);
}

Page<DefinitionHead> definitions(Tx& tx, std::optional<std::string> entity_type, const PageRequest& page) {
    return tx.page<DefinitionHead>(
        page,
        "FROM workflow_definitions WHERE tenant_id = :tenant AND entity_type = COALESCE($1, entity_type)",
        "name, id", entity_type);
}

}  // namespace pamoja::workflows
