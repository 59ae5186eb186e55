#pragma once
#include "workflows/instance.hpp"

namespace pamoja::workflows {

enum class HistoryEvent {
    started,
    submitted,
    step_approved,
    step_rejected,
    approved,
    rejected,
    returned,
    reassigned,
    cancelled,
    overdue,
    escalated,
};
constexpr std::array<const char*, 11> names(HistoryEvent) {
    return {"started",  "submitted",  "step_approved", "step_rejected", "approved", "rejected",
            "returned", "reassigned", "cancelled",     "overdue",       "escalated"};
}

// One thing that happened to a run. Never changed.
struct HistoryEntry {
    WorkflowId workflow_id{};
    std::int64_t number = 0;  // from 1, without gaps
    HistoryEvent event = HistoryEvent::started;
    std::optional<std::string> step_key{};
    UserId actor_id{};  // "system" when time did it
    std::string comment{};
    WorkflowStatus from_status = WorkflowStatus::pending;
    WorkflowStatus to_status = WorkflowStatus::pending;
    json::Value details{json::Object{}};  // next_step_key, the actions that followed, the data submitted
    Timestamp recorded_at{};

    void describe(Fields&);
};

// Oldest first. Throws not_found for a workflow that does not exist.
Page<HistoryEntry> history_of(Tx&, const WorkflowId&, const PageRequest&);

}  // namespace pamoja::workflows
