#pragma once
#include <set>

#include "workflows/form.hpp"
#include "workflows/history.hpp"

namespace pamoja::workflows {

inline constexpr Reason workflow_closed{FailureKind::conflict, "workflow_closed"};
inline constexpr Reason step_not_current{FailureKind::conflict, "step_not_current"};
inline constexpr Reason steps_incomplete{FailureKind::conflict, "steps_incomplete"};
inline constexpr Reason nothing_to_return{FailureKind::conflict, "nothing_to_return"};
inline constexpr Reason own_submission{FailureKind::forbidden, "own_submission"};
inline constexpr Reason not_your_turn{FailureKind::forbidden, "not_your_turn"};

// Who acts.
struct Actor {
    UserId id{};
    std::vector<std::string> roles{};
    bool is_supervisor = false;  // may do what another role or assignee is asked to do
};
Actor the_system();

// An action whose condition held, with what its variables came to.
struct FiredAction {
    Action action{};
    std::string moment{};  // "enter", "complete", "approve", "reject"
    std::optional<std::string> step_key{};
    std::optional<UserId> submitter{};  // of the step
    json::Value variables{json::Object{}};
    json::Value data{json::Object{}};  // what was submitted in the step
};

// What a command comes to.
struct Plan {
    HistoryEvent event = HistoryEvent::started;
    std::optional<std::string> step_key{};
    std::string comment{};
    WorkflowStatus from_status = WorkflowStatus::pending;
    std::vector<FiredAction> actions{};
    std::set<std::size_t> changed{};  // positions of steps
    std::set<std::size_t> entered{};  // whose turn has come
    std::set<std::size_t> left{};     // whose turn is over
    json::Value submitted{json::Object{}};
};

// The rules of how a run goes on, without a database: a command changes the instance and says what follows.
//
// While a run is open, everything before its current step is completed or skipped and everything after it is
// pending; without a current step all are completed or skipped. Commands on a run that is over throw
// workflow_closed.
class Progress {
  public:
    // The instance must outlive it. One command for each Progress.
    Progress(Instance&, Actor, Timestamp now);

    void start();  // an instance whose steps are all pending

    // Throws not_found for an unknown step, step_not_current for one whose turn it is not (or that waits for
    // an approval), not_your_turn, validation_failed.
    void submit(std::string_view step_key, const json::Value& data, const FileCheck&);
    // Of the current step when that waits for it, otherwise of the workflow. Throws steps_incomplete,
    // own_submission where the definition has four eyes, not_your_turn.
    void approve(const std::string& comment);
    void reject(const std::string& comment);
    // Back to a step that was submitted: the one that waits for an approval, or else the last one done, when
    // none is named. Throws nothing_to_return, not_found, not_your_turn.
    void return_for_changes(std::optional<std::string_view> step_key, const std::string& comment);
    void cancel(const std::string& comment);

    struct Assignment {
        std::optional<UserId> user = {};
        std::optional<std::string> role = {};
    };
    // Who may submit the current step from now on. Throws step_not_current when no step waits to be
    // submitted.
    void reassign(const Assignment&, const std::string& comment);

    // Of a step that is still not done: told once for each turn. False when there is nothing to tell.
    bool remind(std::string_view step_key, std::int64_t round);
    bool escalate(std::string_view step_key, std::int64_t round);

    const Plan& plan() const { return plan_; }
    Plan take_plan() { return std::move(plan_); }

  private:
    void begin(HistoryEvent, std::optional<std::string> step_key, const std::string& comment);
    void require_open() const;
    void require_approver(const std::optional<std::string>& role) const;
    void require_may_submit(const StepRun&) const;
    bool is_current_round(std::string_view step_key, std::int64_t round) const;

    void approve_step(std::size_t index, const std::string& comment);
    void approve_workflow(const std::string& comment);
    void reject_step(std::size_t index, const std::string& comment);
    void complete_step(std::size_t index);
    void advance(std::size_t from);
    void move_to(std::size_t from, std::size_t target);  // the number of steps: the end
    void enter(std::size_t index);
    void skip_from(std::size_t first);
    void decide(WorkflowStatus, const std::string& comment);
    void show_turn();  // whose turn it is, in the workflow's row

    // Where a list of transitions leads; the number of steps for the end, empty when none of them holds.
    std::optional<std::size_t> target_of(const std::vector<Transition>&, std::size_t step) const;
    bool holds(const json::Value& when, std::optional<std::size_t> step) const;
    json::Value user_with_roles() const;
    void fire(const std::vector<Action>&, const char* moment, std::optional<std::size_t> step);

    Workflow& workflow() { return instance_.workflow; }
    const Definition& definition() const { return instance_.definition; }

    Instance& instance_;
    Actor actor_;
    Timestamp now_;
    json::Value user_;
    Plan plan_;
};

// What the paths of conditions and variables lead to: {"workflow": …, "steps": …, "data": …}.
json::Value facts_of(const Instance&, std::optional<std::size_t> step);

}  // namespace pamoja::workflows
