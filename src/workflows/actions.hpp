#pragma once
#include "workflows/definitions.hpp"
#include "workflows/progress.hpp"

namespace pamoja::workflows {

// Somebody is to be told something about a run: a person, or all who hold a role.
struct Notice {
    std::optional<UserId> to_user = {};
    std::optional<std::string> to_role = {};
    std::string template_name = {};
    std::optional<std::string> channel = {};
    json::Value variables = json::Value(json::Object{});
    Workflow about = {};
};

// What a run can do to the rest of the platform, inside the transaction of the step that it follows from;
// what one of them throws refuses the step. Filled by the composition root. What is absent is not done.
struct Actions {
    std::function<void(Tx&, const std::string& provider_id, const std::string& status)> set_provider_status =
        {};
    std::function<void(Tx&, const Notice&)> send_notification = {};
    // The person behind the thing that a run is about, for notices to the audience `entity`.
    std::function<std::optional<UserId>(Tx&, const std::string& entity_type, const std::string& entity_id)>
        person_behind = {};
    // Whether somebody may hand in a file; where it is absent nobody may.
    std::function<bool(Tx&, const Actor&, const std::string& file_id)> may_use_file = {};
    // What of the names in a definition is known.
    NameChecks names = {};
};

// The templates of the notices that are sent without being asked for, when a step is overdue and when it is
// given to another role. Their variables are workflow_id, step_title, due_at, entity_type, entity_id.
inline constexpr const char* overdue_template = "workflow_step_overdue";
inline constexpr const char* escalated_template = "workflow_step_escalated";

}  // namespace pamoja::workflows
