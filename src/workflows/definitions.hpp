#pragma once
#include "db/tx.hpp"
#include "workflows/definition.hpp"

namespace pamoja::workflows {

// What a list shows of a definition: its latest version.
struct DefinitionHead {
    DefinitionId id{};
    std::int64_t version = 1;
    std::string name{};
    std::string description{};
    std::string entity_type{};
    Timestamp created_at{};
    Timestamp updated_at{};

    void describe(Fields&);
};

// What the rest of the platform knows of the names in a definition. Returns the fault, empty when there is
// none. Absent: every name will do.
struct NameChecks {
    std::function<std::string(Tx&, const std::string& template_name)> notification_template = {};
    std::function<std::string(Tx&, const std::string& status)> provider_status = {};
    std::function<std::string(Tx&, const std::string& channel)> channel = {};
};

// Writes the first version. A definition for providers that says nothing of their status on approval gets the
// action that makes them active. Throws validation_failed with every fault, and conflict when the id is
// taken.
Definition define(Tx&, Definition, const UserId& author, const NameChecks& = {});

// Writes the next version; what was started before keeps its own. `based_on`: the version that the author
// saw. Throws not_found, validation_failed, and definition_changed when another was written since.
Definition revise(Tx&, const DefinitionId&, Definition, const UserId& author,
                  std::optional<std::int64_t> based_on = {}, const NameChecks& = {});

Definition latest_definition(Tx&, const DefinitionId&);                         // throws not_found
Definition definition_version(Tx&, const DefinitionId&, std::int64_t version);  // throws not_found
// By name, then id.
Page<DefinitionHead> definitions(Tx&, std::optional<std::string> entity_type, const PageRequest&);

inline constexpr Reason definition_changed{FailureKind::conflict, "definition_changed"};
inline constexpr Reason definition_exists{FailureKind::conflict, "definition_exists"};

}  // namespace pamoja::workflows
