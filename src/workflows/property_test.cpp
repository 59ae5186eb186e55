#include <map>

#include "base/random.hpp"
#include "workflows/internal/test_office.hpp"

namespace pamoja::workflows {
namespace {

using testing::code_of;

// Random commands, sensible and not, against what must be true of every run at any time.
class PropertyTest : public testing::Office {
  protected:
    void run(std::uint64_t seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        dice_.emplace(seed);
        ids_.clear();
        const auto definition = define(R"(
            {"step_key":"a","title":"A","sla_minutes":30,
             "form_fields":[{"field_key":"n","field_type":"number","label":"N",
                             "validation":{"min":0,"max":9}}],
             "on_submit":[{"when":{"data.n":"> 7"},"next_step_key":"d"},
                          {"when":{"data.n":"> 5"},"next_step_key":"c"},
                          {"when":{"data.n":0},"next_step_key":"a"}]},
            {"step_key":"b","title":"B","needs_approval":true,"approver_role":"Reviewer",
             "on_reject":[{"when":{"steps.a.n":"< 3"},"next_step_key":"a"},
                          {"when":{"steps.a.n":3},"next_step_key":"b"}],
             "on_approve":[{"when":{"steps.a.n":4},"next_step_key":null}]},
            {"step_key":"c","title":"C","is_required":false,"assignee_role":"Reviewer"},
            {"step_key":"d","title":"D","needs_approval":true,"sla_minutes":10,
             "escalation":{"after_minutes":10,"to_role":"Head"}})",
                                       R"(,"has_four_eyes":true)");
        for (int i = 0; i < 12; ++i) ids_.push_back(start(definition));
        for (int i = 0; i < 250 && !HasFailure(); ++i) step();
        for (const char* outcome :
             {"", "workflow_closed", "step_not_current", "steps_incomplete", "not_your_turn",
              "own_submission", "validation_failed", "nothing_to_return"}) {
            EXPECT_GT(outcomes_[outcome], 0) << outcome;
        }
    }

  private:
    const Actor& somebody() {
        const std::array actors{&testing::ann, &testing::bob, &testing::eve};
        return *actors[dice_->below(actors.size())];
    }

    void command(const WorkflowId& id) {
        const Actor& actor = somebody();
        const auto before = stored(id);
        const std::string steps[] = {"a", "b", "c", "d"};
        const auto kind = dice_->below(100);
        if (kind < 55) {
            const bool is_right = before.workflow.current_step_key && dice_->below(4) > 0;
            const std::string key = is_right ? *before.workflow.current_step_key : steps[dice_->below(4)];
            const auto number = std::to_string(dice_->below(11));
            submit(id, key, key == "a" ? R"({"n":)" + number + "}" : "{}", actor);
        } else if (kind < 77) {
            approve(id, actor);
        } else if (kind < 84) {
            if (before.awaits_step_approval()) reject(id, actor);
        } else if (kind < 95) {
            if (dice_->below(2) == 0) {
                give_back(id, {}, actor);
            } else {
                give_back(id, steps[dice_->below(4)], actor);
            }
        } else if (kind < 98) {
            reassign(id, {.user = actor.id});
        } else {
            db_.clock.advance(std::chrono::minutes(15));
            runner_.drain();
        }
    }

    void step() {
        const WorkflowId& id = ids_[dice_->below(ids_.size())];
        const Instance before = stored(id);
        const std::string code = code_of([&] { command(id); });
        ++outcomes_[code];
        const Instance after = stored(id);
        check_shape(after);
        EXPECT_EQ(static_cast<std::int64_t>(history(id).size()), after.workflow.history_count);
        if (!before.workflow.is_open()) {
            EXPECT_EQ(after.workflow.status, before.workflow.status);
            EXPECT_EQ(after.workflow.version, before.workflow.version);
        }
        EXPECT_TRUE(code.empty() || statuses(after) == statuses(before)) << code;
        if (after.workflow.status == WorkflowStatus::approved) check_four_eyes(after);
    }

    static void check_shape(const Instance& instance) {
        const auto current = instance.current();
        EXPECT_TRUE(instance.workflow.is_open() || !current);
        for (std::size_t i = 0; i < instance.steps.size(); ++i) {
            const StepRun& run = instance.steps[i];
            SCOPED_TRACE(statuses(instance) + " at " + run.step_key);
            const bool is_done = run.status == StepStatus::completed || run.status == StepStatus::skipped;
            EXPECT_EQ(run.status == StepStatus::completed, run.completed_at.has_value());
            if (current && i == *current) {
                EXPECT_EQ(run.status, StepStatus::in_progress);
                EXPECT_GT(run.round, 0);
            } else if (current && i > *current) {
                EXPECT_EQ(run.status, StepStatus::pending);
            } else {
                EXPECT_TRUE(is_done || (!instance.workflow.is_open() && run.status == StepStatus::rejected));
            }
            const bool was_approved = run.status != StepStatus::completed || run.decided_by.has_value();
            EXPECT_TRUE(was_approved || !instance.definition.steps[i].needs_approval);
        }
        EXPECT_TRUE(instance.workflow.status != WorkflowStatus::pending || current == 0U);
    }

    static void check_four_eyes(const Instance& instance) {
        for (const StepRun& run : instance.steps) {
            EXPECT_NE(run.submitted_by, instance.workflow.decided_by);
            const bool is_decided = run.decided_by && run.status == StepStatus::completed;
            EXPECT_TRUE(!is_decided || run.submitted_by != run.decided_by);
        }
    }

    std::optional<SeededRandom> dice_;
    std::vector<WorkflowId> ids_;
    std::map<std::string, int> outcomes_;
};

TEST_P(PropertyTest, RunsKeepTheirShapeWhateverIsAsked) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) run(seed);
}

INSTANTIATE_TEST_SUITE_P(Engines, PropertyTest, ::testing::ValuesIn(pamoja::testing::engines()),
                         [](const auto& engine) { return pamoja::testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::workflows
