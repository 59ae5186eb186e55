#include <gmock/gmock.h>

#include "workflows/internal/test_office.hpp"

namespace pamoja::workflows {
namespace {

using std::chrono::minutes;
using testing::ann;
using testing::bob;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeadlinesTest : public testing::Office {
  protected:
    DefinitionId define_urgent() {
        return define(R"({"step_key":"a","title":"A","assignee_role":"Reviewer","sla_minutes":60,
                          "escalation":{"after_minutes":30,"to_role":"Head"}},{"step_key":"b","title":"B"})");
    }
    // Runs what falls due in the next minutes, each at its time.
    void pass(int count) {
        runner_.run_due_until(db_.clock.now().plus(minutes(count)),
                              [&](std::chrono::microseconds step) { db_.clock.advance(step); });
    }
};

TEST_P(DeadlinesTest, RemindsOnceAndThenGivesTheStepToAnotherRole) {
    const auto id = start(define_urgent());
    pass(59);
    EXPECT_THAT(lines("notice"), IsEmpty());
    const auto version = stored(id).workflow.version;
    pass(1);
    ASSERT_EQ(lines("notice").size(), 1U);
    EXPECT_TRUE(lines("notice")[0].starts_with("notice workflow_step_overdue role Reviewer"));
    EXPECT_EQ(stored(id).workflow.version, version);
    pass(29);
    EXPECT_EQ(lines("notice").size(), 1U);
    pass(1);
    EXPECT_EQ(stored(id).workflow.waits_for_role, "Head");
    pass(10'000);
    EXPECT_EQ(lines("notice").size(), 2U);
    EXPECT_EQ(story(id), "started overdue escalated");
    EXPECT_THAT(lines("workflow."),
                ElementsAre("workflow.escalated", "workflow.overdue", "workflow.started"));
    EXPECT_EQ(testing::code_of([&] { submit(id, "a", "{}", bob); }), "not_your_turn");
    EXPECT_EQ(statuses(submit(id, "a", "{}", testing::eve)), "completed in_progress");
}

TEST_P(DeadlinesTest, LeavesStepsAloneThatWereDoneInTime) {
    const auto definition = define_urgent();
    const auto done = start(definition);
    submit(done, "a", "{}", bob);
    const auto over = start(definition);
    cancel(over);
    pass(10'000);
    EXPECT_THAT(lines("notice"), IsEmpty());
    EXPECT_EQ(story(done), "started submitted");
}

TEST_P(DeadlinesTest, RemindsAnewWhenTheStepsTurnComesAgain) {
    const auto id = start(define_urgent());
    pass(60);
    submit(id, "a", "{}", bob);
    give_back(id);
    pass(59);
    EXPECT_EQ(lines("notice").size(), 1U);
    pass(1);
    EXPECT_EQ(lines("notice").size(), 2U);
    EXPECT_EQ(story(id), "started overdue submitted returned overdue");
}

TEST_P(DeadlinesTest, EscalatesAnApprovalToAnotherRole) {
    const auto id =
        start(define(R"({"step_key":"a","title":"A","needs_approval":true,"approver_role":"Reviewer",
        "sla_minutes":60,"escalation":{"after_minutes":30,"to_role":"Head"}})"));
    submit(id, "a");
    pass(90);
    EXPECT_EQ(testing::code_of([&] { approve(id, bob); }), "not_your_turn");
    EXPECT_EQ(statuses(approve(id, testing::eve)), "completed");
}

TEST_P(DeadlinesTest, TellsTheStarterWhenNobodyInParticularIsAsked) {
    start(define(R"({"step_key":"a","title":"A","sla_minutes":1})"));
    pass(1);
    ASSERT_EQ(lines("notice").size(), 1U);
    EXPECT_TRUE(lines("notice")[0].starts_with("notice workflow_step_overdue ann"));
}

INSTANTIATE_TEST_SUITE_P(Engines, DeadlinesTest, ::testing::ValuesIn(pamoja::testing::engines()),
                         [](const auto& engine) { return pamoja::testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::workflows
