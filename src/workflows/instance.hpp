#pragma once
#include "db/tx.hpp"
#include "workflows/definition.hpp"

namespace pamoja::workflows {

using WorkflowId = Id<struct WorkflowTag>;
using StepId = Id<struct WorkflowStepTag>;

enum class WorkflowStatus { pending, in_progress, approved, rejected, cancelled };
constexpr std::array<const char*, 5> names(WorkflowStatus) {
    return {"pending", "in_progress", "approved", "rejected", "cancelled"};
}

enum class StepStatus { pending, in_progress, completed, rejected, skipped };
constexpr std::array<const char*, 5> names(StepStatus) {
    return {"pending", "in_progress", "completed", "rejected", "skipped"};
}

// One run of a definition for one thing. It keeps the version that it was started with.
struct Workflow {
    WorkflowId id{};
    DefinitionId definition_id{};
    std::int64_t definition_version = 1;
    std::string entity_type{};
    std::string entity_id{};
    WorkflowStatus status = WorkflowStatus::pending;
    std::optional<std::string> current_step_key{};  // absent: no step is left, or it is over
    std::optional<std::string> waits_for_role{};    // whose turn it is: to submit or to approve
    std::optional<UserId> assignee_id{};            // to submit the current step
    std::optional<Timestamp> due_at{};              // of the current step
    UserId started_by{};
    std::optional<UserId> decided_by{};
    std::optional<Timestamp> decided_at{};
    std::string decision_comment{};
    std::int64_t version = 1;        // grows with every change; two who saw the same cannot both win
    std::int64_t history_count = 0;  // entries of its history
    Timestamp created_at{};
    Timestamp updated_at{};

    bool is_open() const {
        return status == WorkflowStatus::pending || status == WorkflowStatus::in_progress;
    }
    void describe(Fields&);
};

// Where a step of a run stands. Its title and form are in the definition.
struct StepRun {
    StepId id{};
    WorkflowId workflow_id{};
    std::int64_t position = 0;  // in the definition, from 0
    std::string step_key{};
    StepStatus status = StepStatus::pending;
    std::int64_t round = 0;            // how often its turn has come
    json::Value data{json::Object{}};  // what was submitted last; kept when the step is done anew
    std::optional<UserId> submitted_by{};
    std::optional<Timestamp> submitted_at{};  // in this round
    std::optional<Timestamp> completed_at{};
    std::optional<UserId> decided_by{};
    std::optional<UserId> assignee_id{};
    std::optional<std::string> assignee_role{};
    std::optional<std::string> approver_role{};
    std::optional<Timestamp> due_at{};
    std::optional<Timestamp> reminded_at{};
    std::optional<Timestamp> escalated_at{};

    void describe(Fields&);
};

// A run with all that decides how it goes on.
struct Instance {
    Workflow workflow;
    std::vector<StepRun> steps;  // all of them, in the definition's order
    Definition definition;

    std::optional<std::size_t> current() const;
    bool awaits_step_approval() const;  // the current step was submitted and somebody must approve it
};

Workflow workflow_of(Tx&, const WorkflowId&);  // throws not_found
Instance instance_of(Tx&, const WorkflowId&);  // throws not_found

struct WorkflowFilter {
    std::optional<WorkflowStatus> status = {};
    std::optional<DefinitionId> definition_id = {};
    std::optional<std::string> entity_type = {};
    std::optional<std::string> entity_id = {};
    std::optional<std::string> waits_for_role = {};
    std::optional<UserId> assignee_id = {};
    std::optional<UserId> concerns = {};       // started by or assigned to this person
    std::optional<Timestamp> due_before = {};  // of those that are open
};
Page<Workflow> workflows(Tx&, const WorkflowFilter&, const PageRequest&);  // newest first

}  // namespace pamoja::workflows
