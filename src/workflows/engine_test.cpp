#include "workflows/engine.hpp"

#include <gmock/gmock.h>

#include "workflows/internal/test_office.hpp"
#include "workflows/seeds.hpp"

namespace pamoja::workflows {
namespace {

using testing::ann;
using testing::bob;
using testing::code_of;
using ::testing::ElementsAre;
using testing::eve;
using ::testing::IsEmpty;

class EngineTest : public testing::Office {};

constexpr const char* three_steps = R"(
    {"step_key":"a","title":"A","form_fields":[{"field_key":"age","field_type":"number","label":"Age"}],
     "on_submit":[{"when":{"data.age":"> 60"},"next_step_key":"c"}]},
    {"step_key":"b","title":"B"},{"step_key":"c","title":"C"})";
constexpr const char* approved_step = R"(
    {"step_key":"a","title":"A"},
    {"step_key":"b","title":"B","needs_approval":true,"approver_role":"Reviewer",
     "on_reject":[{"when":{"workflow.entity_id":"p1"},"next_step_key":"a"}]})";

TEST_P(EngineTest, RunsTheSeededOnboardingToItsApproval) {
    write([](Tx& tx) { ensure_seeded(tx); });
    write([](Tx& tx) { ensure_seeded(tx); });
    const auto id = start(DefinitionId("pandit_onboarding_def"));
    EXPECT_EQ(stored(id).workflow.status, WorkflowStatus::pending);
    EXPECT_EQ(stored(id).workflow.current_step_key, "registration");
    EXPECT_EQ(submit(id, "registration", R"({"first_name":"Raj"})").workflow.current_step_key,
              "document_upload");
    EXPECT_EQ(statuses(stored(id)), "completed in_progress pending");
    const auto after = submit(id, "document_upload", R"({"id_proof":"ann-1","address_proof":"ann-2"})");
    EXPECT_EQ(after.workflow.current_step_key, "background_check");
    EXPECT_EQ(after.workflow.status, WorkflowStatus::in_progress);
    EXPECT_EQ(code_of([&] { approve(id); }), "steps_incomplete");
    EXPECT_EQ(code_of([&] { submit(id, "background_check"); }), "not_your_turn");
    const Actor admin{.id = UserId("root"), .roles = {"Admin"}};
    EXPECT_EQ(submit(id, "background_check", "{}", admin).workflow.current_step_key, std::nullopt);
    EXPECT_EQ(approve(id).workflow.status, WorkflowStatus::approved);
    EXPECT_EQ(stored(id).workflow.decided_by, bob.id);
    EXPECT_THAT(lines("status"), ElementsAre("status p1 active"));
    EXPECT_THAT(lines("workflow."), ElementsAre("workflow.approved", "workflow.started", "workflow.submitted",
                                                "workflow.submitted", "workflow.submitted"));
    EXPECT_EQ(story(id), "started submitted submitted submitted approved");
}

TEST_P(EngineTest, RefusesOrdersThatMakeNoSense) {
    const auto id = start(define(approved_step));
    EXPECT_EQ(code_of([&] { submit(id, "b"); }), "step_not_current");
    EXPECT_EQ(code_of([&] { submit(id, "z"); }), "not_found");
    EXPECT_EQ(code_of([&] { approve(id); }), "steps_incomplete");
    EXPECT_EQ(code_of([&] { give_back(id); }), "nothing_to_return");
    submit(id, "a");
    EXPECT_EQ(code_of([&] { submit(id, "a"); }), "step_not_current");
    submit(id, "b");
    EXPECT_EQ(code_of([&] { submit(id, "b"); }), "step_not_current");
    EXPECT_EQ(code_of([&] { reassign(id, {.user = bob.id}); }), "step_not_current");
    approve(id);
    EXPECT_EQ(code_of([&] { reassign(id, {.user = bob.id}); }), "step_not_current");
    approve(id);
    for (const auto& attempt : std::vector<std::function<void()>>{
             [&] { submit(id, "a"); }, [&] { approve(id); }, [&] { reject(id); }, [&] { give_back(id); },
             [&] { cancel(id); }, [&] { reassign(id, {.user = bob.id}); }}) {
        EXPECT_EQ(code_of(attempt), "workflow_closed");
    }
    EXPECT_EQ(story(id), "started submitted submitted step_approved approved");
    EXPECT_EQ(code_of([&] { approve(WorkflowId("none")); }), "not_found");
    EXPECT_EQ(code_of([&] { start(DefinitionId("none")); }), "not_found");
    EXPECT_EQ(
        code_of([&] {
            write([&](Tx& tx) { engine_.start(tx, ann, {stored(id).workflow.definition_id, "user", "u"}); });
        }),
        "validation_failed");
}

TEST_P(EngineTest, FollowsTheTransitionWhoseConditionHolds) {
    const auto definition = define(three_steps);
    const auto old = start(definition);
    EXPECT_EQ(statuses(submit(old, "a", R"({"age": 61})")), "completed skipped in_progress");
    EXPECT_EQ(statuses(submit(old, "c")), "completed skipped completed");
    EXPECT_EQ(approve(old).workflow.status, WorkflowStatus::approved);
    const auto young = start(definition);
    EXPECT_EQ(statuses(submit(young, "a", R"({"age": 60})")), "completed in_progress pending");
    const auto unknown = start(definition);
    EXPECT_EQ(statuses(submit(unknown, "a")), "completed in_progress pending");
}

TEST_P(EngineTest, ApprovesAStepBeforeTheNextOnesTurn) {
    const auto id = start(define(std::string(approved_step) + R"(,{"step_key":"c","title":"C"})"));
    submit(id, "a");
    const auto waiting = submit(id, "b");
    EXPECT_EQ(waiting.workflow.current_step_key, "b");
    EXPECT_EQ(waiting.workflow.waits_for_role, "Reviewer");
    EXPECT_EQ(code_of([&] { approve(id, ann); }), "not_your_turn");
    EXPECT_EQ(statuses(approve(id)), "completed completed in_progress");
    EXPECT_EQ(stored(id).workflow.status, WorkflowStatus::in_progress);
    EXPECT_EQ(stored(id).steps[1].decided_by, bob.id);
}

TEST_P(EngineTest, ARejectionLeadsBackWhereTheDefinitionSaysSoAndEndsItOtherwise) {
    const auto definition = define(approved_step);
    const auto back = start(definition);
    submit(back, "a");
    submit(back, "b");
    EXPECT_EQ(statuses(reject(back)), "in_progress pending");
    EXPECT_EQ(stored(back).workflow.status, WorkflowStatus::in_progress);
    EXPECT_EQ(stored(back).steps[0].round, 2);
    const auto over = start(definition, "p2");
    submit(over, "a");
    submit(over, "b");
    EXPECT_EQ(statuses(reject(over)), "completed rejected");
    EXPECT_EQ(stored(over).workflow.status, WorkflowStatus::rejected);
    EXPECT_EQ(stored(over).workflow.decision_comment, "Not fine");
    const auto early = start(definition);
    EXPECT_EQ(statuses(reject(early)), "rejected skipped");
}

TEST_P(EngineTest, GoesWithoutStepsThatAreNotRequired) {
    const auto id = start(define(R"({"step_key":"a","title":"A"},
        {"step_key":"b","title":"B","is_required":false},{"step_key":"c","title":"C","is_required":false})"));
    EXPECT_EQ(code_of([&] { approve(id); }), "steps_incomplete");
    submit(id, "a");
    EXPECT_EQ(statuses(approve(id)), "completed skipped skipped");
}

TEST_P(EngineTest, ApprovesItselfWhereNoFinalApprovalIsNeeded) {
    const auto id = start(define(R"({"step_key":"a","title":"A"})", R"(,"needs_final_approval":false)"));
    EXPECT_EQ(submit(id, "a").workflow.status, WorkflowStatus::approved);
    EXPECT_THAT(lines("status"), ElementsAre("status p1 active"));
    EXPECT_THAT(lines("workflow.a"), ElementsAre("workflow.approved"));
}

TEST_P(EngineTest, ReturnsStepsForChangesAndKeepsWhatWasSubmitted) {
    const auto id = start(define(three_steps));
    submit(id, "a", R"({"age": 40})");
    submit(id, "b");
    EXPECT_EQ(statuses(give_back(id)), "completed in_progress pending");
    EXPECT_EQ(code_of([&] { give_back(id, "c"); }), "nothing_to_return");
    EXPECT_EQ(code_of([&] { give_back(id, "z"); }), "not_found");
    EXPECT_EQ(statuses(give_back(id, "a")), "in_progress pending pending");
    EXPECT_EQ(json::to_text(stored(id).steps[0].data), R"({"age":40})");
    EXPECT_EQ(statuses(submit(id, "a", R"({"age": 70})")), "completed skipped in_progress");
    submit(id, "c");
    EXPECT_EQ(code_of([&] { give_back(id, "b"); }), "nothing_to_return");
    EXPECT_EQ(statuses(give_back(id)), "completed skipped in_progress");
    EXPECT_EQ(story(id), "started submitted submitted returned returned submitted submitted returned");
}

TEST_P(EngineTest, AsksTheRightPeople) {
    const auto id = start(define(R"({"step_key":"a","title":"A","assignee_role":"Reviewer"},
                                    {"step_key":"b","title":"B"})",
                                 R"(,"approver_role":"Head")"));
    EXPECT_EQ(stored(id).workflow.waits_for_role, "Reviewer");
    EXPECT_EQ(code_of([&] { submit(id, "a"); }), "not_your_turn");
    reassign(id, {.user = ann.id});
    EXPECT_EQ(code_of([&] { submit(id, "a", "{}", bob); }), "not_your_turn");
    submit(id, "a");
    EXPECT_EQ(stored(id).workflow.assignee_id, std::nullopt);
    reassign(id, {.role = "Head"});
    EXPECT_EQ(code_of([&] { submit(id, "b", "{}", bob); }), "not_your_turn");
    submit(id, "b", "{}", {.id = UserId("root"), .roles = {}, .is_supervisor = true});
    EXPECT_EQ(stored(id).workflow.waits_for_role, "Head");
    EXPECT_EQ(code_of([&] { approve(id, bob); }), "not_your_turn");
    EXPECT_EQ(code_of([&] { reject(id, bob); }), "not_your_turn");
    EXPECT_EQ(code_of([&] { give_back(id, {}, bob); }), "not_your_turn");
    EXPECT_EQ(approve(id, eve).workflow.status, WorkflowStatus::approved);
}

TEST_P(EngineTest, NobodyApprovesTheirOwnSubmissionWithFourEyes) {
    const std::string four_eyes = R"(,"has_four_eyes":true)";
    const auto id = start(define(R"({"step_key":"a","title":"A","needs_approval":true})", four_eyes));
    submit(id, "a", "{}", bob);
    EXPECT_EQ(code_of([&] { approve(id, bob); }), "own_submission");
    approve(id, eve);
    EXPECT_EQ(code_of([&] { approve(id, bob); }), "own_submission");
    EXPECT_EQ(approve(id, eve).workflow.status, WorkflowStatus::approved);
}

TEST_P(EngineTest, ARefusedStepLeavesNothingBehind) {
    const auto id = start(define(R"({"step_key":"a","title":"A","actions":{"complete":[
        {"type":"publish_event","event":"custom.done"},
        {"type":"set_provider_status","status":"checked"}]}})"),
                          "locked");
    EXPECT_EQ(code_of([&] { submit(id, "a"); }), "conflict");
    EXPECT_EQ(statuses(stored(id)), "in_progress");
    EXPECT_EQ(story(id), "started");
    EXPECT_THAT(lines("custom"), IsEmpty());
    EXPECT_EQ(code_of([&] { submit(id, "a", R"({"x": 1})"); }), "validation_failed");
}

TEST_P(EngineTest, DoesWhatTheDefinitionAsksForWhenItsConditionHolds) {
    const auto id = start(define(R"({"step_key":"a","title":"A",
        "form_fields":[{"field_key":"city","field_type":"text","label":"City"}],
        "actions":{
          "enter":[{"type":"send_notification","template_name":"welcome","to":"starter"}],
          "complete":[
            {"type":"send_notification","template_name":"thanks","to":"submitter",
             "variables":{"city":"data.city","who":"user.id","entity":"workflow.entity_id"}},
            {"type":"call_webhook","event":"custom.moved","when":{"data.city":"Pune"}},
            {"type":"publish_event","event":"custom.stayed","when":{"data.city":"Delhi"}}]}})",
                                 R"(,"actions":{
          "complete":[{"type":"send_notification","template_name":"check","to":"assignee"}],
          "reject":[{"type":"send_notification","template_name":"sorry","to":"entity"}]},
          "approver_role":"Head")"));
    submit(id, "a", R"({"city": "Pune"})");
    reject(id, eve);
    EXPECT_THAT(lines("notice"), ElementsAre("notice check role Head {}", "notice sorry of p1 {}",
                                             R"(notice thanks ann {"city":"Pune","who":"ann","entity":"p1"})",
                                             "notice welcome ann {}"));
    EXPECT_THAT(lines("custom"), ElementsAre("custom.moved"));
    EXPECT_THAT(lines("status"), IsEmpty());
}

TEST_P(EngineTest, ARehearsalTellsWhatWouldFollowAndChangesNothing) {
    const auto id = start(define(R"({"step_key":"a","title":"A","actions":{"complete":[
        {"type":"set_provider_status","status":"checked"}]}},{"step_key":"b","title":"B"})"));
    const auto outcome = write([&](Tx& tx) {
        return engine_.submit(tx, ann, {.id = id, .is_rehearsal = true}, "a", json::Value(json::Object{}));
    });
    EXPECT_EQ(outcome.instance.workflow.current_step_key, "b");
    ASSERT_EQ(outcome.plan.actions.size(), 1U);
    EXPECT_EQ(outcome.plan.actions[0].action.status, "checked");
    EXPECT_EQ(stored(id).workflow.status, WorkflowStatus::pending);
    EXPECT_EQ(story(id), "started");
    EXPECT_THAT(lines("status"), IsEmpty());
}

TEST_P(EngineTest, RefusesWhoSawAnOlderVersion) {
    const auto id = start(define(three_steps));
    const auto seen = stored(id).workflow.version;
    const auto cancel_seen = [&] {
        write([&](Tx& tx) { engine_.cancel(tx, ann, {.id = id, .version = seen}, "No need"); });
    };
    submit(id, "a");
    EXPECT_EQ(code_of(cancel_seen), "workflow_changed");
    EXPECT_EQ(cancel(id).workflow.status, WorkflowStatus::cancelled);
    EXPECT_EQ(statuses(stored(id)), "completed skipped skipped");
}

TEST_P(EngineTest, KeepsARunOnTheVersionItWasStartedWith) {
    const auto definition = define(three_steps);
    const auto old = start(definition);
    write([&](Tx& tx) {
        Definition next = latest_definition(tx, definition);
        next.steps.erase(next.steps.begin() + 1);
        EXPECT_EQ(revise(tx, definition, next, ann.id, 1).version, 2);
    });
    EXPECT_EQ(stored(old).steps.size(), 3U);
    EXPECT_EQ(submit(old, "a").workflow.current_step_key, "b");
    EXPECT_EQ(stored(start(definition)).steps.size(), 2U);
    EXPECT_EQ(
        code_of([&] {
            write([&](Tx& tx) { revise(tx, definition, latest_definition(tx, definition), ann.id, 1); });
        }),
        "definition_changed");
    EXPECT_EQ(code_of([&] {
                  write([&](Tx& tx) { workflows::define(tx, latest_definition(tx, definition), ann.id); });
              }),
              "definition_exists");
}

TEST_P(EngineTest, ListsByWhatIsAskedFor) {
    const auto definition =
        define(R"({"step_key":"a","title":"A","assignee_role":"Reviewer","sla_minutes":5})");
    const auto first = start(definition, "p1");
    const auto second = start(definition, "p2");
    cancel(second);
    const auto count = [&](const WorkflowFilter& filter) {
        return read([&](Tx& tx) { return workflows(tx, filter, {}).total; });
    };
    EXPECT_EQ(count({}), 2);
    EXPECT_EQ(count({.status = WorkflowStatus::pending}), 1);
    EXPECT_EQ(count({.definition_id = definition}), 2);
    EXPECT_EQ(count({.definition_id = DefinitionId("x")}), 0);
    EXPECT_EQ(count({.entity_type = "provider", .entity_id = "p2"}), 1);
    EXPECT_EQ(count({.waits_for_role = "Reviewer"}), 1);
    EXPECT_EQ(count({.concerns = ann.id}), 2);
    EXPECT_EQ(count({.concerns = bob.id}), 0);
    EXPECT_EQ(count({.due_before = db_.clock.now()}), 0);
    EXPECT_EQ(count({.due_before = db_.clock.now().plus(std::chrono::minutes(6))}), 1);
    reassign(first, {.user = bob.id});
    EXPECT_EQ(count({.assignee_id = bob.id}), 1);
    EXPECT_EQ(count({.concerns = bob.id}), 1);
    EXPECT_EQ(db_->read(TenantId("b"), [&](Tx& tx) { return workflows(tx, {}, {}).total; }), 0);
    EXPECT_EQ(
        code_of([&] { db_->read(TenantId("b"), [&](Tx& tx) { return workflow_of(tx, first).id.text(); }); }),
        "not_found");
}

TEST_P(EngineTest, ChecksTheNamesThatOthersKnow) {
    const NameChecks checks{.notification_template = [](Tx&, const std::string& name) -> std::string {
        return name == "known" ? "" : "There is no such template.";
    }};
    const auto definition_with = [](const std::string& name) {
        Definition definition{.name = "T", .entity_type = "user", .steps = {}};
        Step step;
        step.step_key = "a";
        step.title = "A";
        Action action;
        action.type = ActionType::send_notification;
        action.template_name = name;
        action.to = Audience::starter;
        step.actions.enter.push_back(action);
        definition.steps.push_back(step);
        return definition;
    };
    write([&](Tx& tx) { workflows::define(tx, definition_with("known"), ann.id, checks); });
    try {
        write([&](Tx& tx) { workflows::define(tx, definition_with("other"), ann.id, checks); });
        FAIL() << "accepted";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.errors().at(0).field, "steps[0].actions.enter[0].template_name");
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineTest, ::testing::ValuesIn(pamoja::testing::engines()),
                         [](const auto& engine) { return pamoja::testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::workflows
