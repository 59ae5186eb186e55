#pragma once
#include "jobs/queue.hpp"
#include "workflows/progress.hpp"

namespace pamoja::workflows {

inline constexpr jobs::Kind remind_of_step{"workflows.remind_of_step"};
inline constexpr jobs::Kind escalate_step{"workflows.escalate_step"};

// Which turn of which step a job is about.
struct StepTurn {
    WorkflowId workflow_id;
    std::string step_key;
    std::int64_t round = 0;

    void describe(Fields&);
};

// Makes and takes back the jobs of the steps whose turn has come or is over.
void schedule_deadlines(Tx&, const Instance&, const Plan&);
void schedule_escalation(Tx&, const StepRun&, const Escalation&);

}  // namespace pamoja::workflows
