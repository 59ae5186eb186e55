#pragma once
#include "jobs/handlers.hpp"
#include "workflows/actions.hpp"

namespace pamoja::workflows {

inline constexpr Reason workflow_changed{FailureKind::conflict, "workflow_changed"};

// Which run a command is for.
struct Target {
    WorkflowId id;
    // The version that the caller saw; workflow_changed when there is a newer one.
    std::optional<std::int64_t> version = {};
    // Nothing is written: the outcome is what would be.
    bool is_rehearsal = false;
};

// A run after a command, and what followed from it.
struct Outcome {
    Instance instance;
    Plan plan;
};

struct NewWorkflow {
    DefinitionId definition_id;
    std::string entity_type;
    std::string entity_id;
};

// Runs workflows. Each command is checked by Progress and, with everything that follows from it (history,
// actions, events, reminders), belongs to the caller's transaction. Throws what Progress throws. Who may give
// which command beyond the definition's roles is the caller's to decide.
//
// Events: "workflow.started", "workflow.submitted", … for each HistoryEvent, and those of the definition's
// actions ("custom.…").
class Engine {
  public:
    explicit Engine(Actions actions) : actions_(std::move(actions)) {}

    const Actions& actions() const { return actions_; }

    // By the definition's latest version. Throws not_found, and validation_failed (entity_type) when the
    // definition is for other things.
    Instance start(Tx&, const Actor&, const NewWorkflow&) const;
    Outcome submit(Tx&, const Actor&, const Target&, std::string_view step_key,
                   const json::Value& data) const;
    Outcome approve(Tx&, const Actor&, const Target&, const std::string& comment) const;
    Outcome reject(Tx&, const Actor&, const Target&, const std::string& comment) const;
    Outcome return_for_changes(Tx&, const Actor&, const Target&, std::optional<std::string_view> step_key,
                               const std::string& comment) const;
    Outcome cancel(Tx&, const Actor&, const Target&, const std::string& comment) const;
    Outcome reassign(Tx&, const Actor&, const Target&, const Progress::Assignment&,
                     const std::string& comment) const;

    // Registers the jobs that remind of overdue steps and give them to another role. The engine must outlive
    // the handlers.
    void handle_jobs(jobs::Handlers&) const;

  private:
    template <class Command>
    Outcome run(Tx&, const Actor&, const Target&, Command) const;
    void save(Tx&, const Actor&, Instance&, const Plan&, bool is_new) const;
    void perform(Tx&, const Actor&, const Instance&, const FiredAction&) const;
    void notify(Tx&, const Instance&, const FiredAction&) const;
    void remind(Tx&, const jobs::Job&) const;
    void escalate(Tx&, const jobs::Job&) const;
    void notify_of_step(Tx&, const Instance&, const StepRun&, const char* template_name) const;

    Actions actions_;
};

}  // namespace pamoja::workflows
