#include "workflows/history.hpp"

namespace pamoja::workflows {

void HistoryEntry::describe(Fields& f) {
    f("workflow_id", workflow_id);
    f("number", number);
    f("event", event);
    f("step_key", step_key);
    f("actor_id", actor_id);
    f("comment", comment);
    f("from_status", from_status);
    f("to_status", to_status);
    f("details", details);
    f("recorded_at", recorded_at);
}

Page<HistoryEntry> history_of(Tx& tx, const WorkflowId& id, const PageRequest& page) {
    (void)workflow_of(tx, id);
    return tx.page<HistoryEntry>(page, "FROM workflow_history WHERE tenant_id = :tenant AND workflow_id = $1",
                                 "number", id);
}

}  // namespace pamoja::workflows
