#include "workflows/definition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflows/seeds.hpp"

namespace pamoja::workflows {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Definition read(std::string_view steps, std::string_view more = "") {
    const std::string text = R"({"name": "Test", "entity_type": "provider", "steps": [)" +
                             std::string(steps) + "]" + std::string(more) + "}";
    return read_json<Definition>(json::parse(text), WireStyle::storage());
}

std::vector<std::string> faults(const Definition& definition) {
    std::vector<std::string> found;
    for (const FieldError& error : faults_of(definition)) found.push_back(error.field + " " + error.code);
    return found;
}

std::string step(const std::string& key, const std::string& more = "") {
    return R"({"step_key": ")" + key + R"(", "title": "T")" + (more.empty() ? "" : ", " + more) + "}";
}

std::vector<std::string> field_faults(const std::string& type, const std::string& validation) {
    return faults(read(step("a", R"("form_fields": [{"field_key": "x", "field_type": ")" + type +
                                     R"(", "label": "X", "validation": )" + validation + "}]")));
}

TEST(Definition, OfTheSeedsIsSound) {
    for (const Definition& definition : seeded_definitions()) EXPECT_THAT(faults(definition), IsEmpty());
}

TEST(Definition, SurvivesBeingWrittenAndReadAgain) {
    const Definition definition =
        read(step("a", R"("sla_minutes": 60, "escalation": {"after_minutes": 5, "to_role": "Admin"},
                     "form_fields": [{"field_key": "age", "field_type": "number", "label": "Age",
                                      "is_required": true, "validation": {"min": 18, "max": 99.5}}],
                     "on_submit": [{"when": {"data.age": "> 60"}, "next_step_key": null}],
                     "actions": {"enter": [{"type": "publish_event", "event": "custom.x"}]})") +
             "," + step("b"));
    EXPECT_THAT(faults(definition), IsEmpty());
    const std::string text = write_json(definition, WireStyle::storage());
    const auto again = read_json<Definition>(json::parse(text), WireStyle::storage());
    EXPECT_EQ(write_json(again, WireStyle::storage()), text);
    EXPECT_EQ(again.steps[0].form_fields[0].validation->max->number()->text, "99.5");
}

struct FlowCase {
    const char* steps;
    std::vector<std::string> faults;
};

TEST(Definition, RefusesFlowsThatCannotRun) {
    const std::vector<FlowCase> cases{
        {R"({"step_key":"a","title":"A","on_submit":[{"next_step_key":"z"}]})",
         {"steps[0].on_submit[0].next_step_key unknown_step"}},
        {R"({"step_key":"a","title":"A","on_submit":[{"next_step_key":null}]},{"step_key":"b","title":"B"})",
         {"steps[1].step_key unreachable"}},
        {R"({"step_key":"a","title":"A"},{"step_key":"b","title":"B","on_submit":[{"next_step_key":"a"}]})",
         {"steps[0].on_submit no_way_out", "steps[1].on_submit no_way_out"}},
        {R"({"step_key":"a","title":"A","on_submit":[{"when":[],"next_step_key":"a"}]})",
         {"steps[0].on_submit no_way_out"}},
        {R"({"step_key":"a","title":"A","on_submit":[{"next_step_key":null},{"next_step_key":"a"}]})",
         {"steps[0].on_submit[1] unreachable"}},
        {R"({"step_key":"a","title":"A"},{"step_key":"a","title":"B"})", {"steps[1].step_key duplicate"}},
        {R"({"step_key":"1a","title":"A"})", {"steps[0].step_key invalid"}},
        {R"({"step_key":"a","title":"A","on_approve":[{"next_step_key":null}]})",
         {"steps[0].on_approve not_applicable"}},
        {R"({"step_key":"a","title":"A","needs_approval":true,"on_submit":[{"next_step_key":null}]})",
         {"steps[0].on_submit not_applicable"}},
        {R"({"step_key":"a","title":"A","on_reject":[{"next_step_key":"a"}]})",
         {"steps[0].on_reject not_applicable"}},
        {R"({"step_key":"a","title":"A","needs_approval":true,"on_reject":[{"next_step_key":"b"}]},
            {"step_key":"b","title":"B"})",
         {"steps[0].on_reject[0].next_step_key invalid"}},
        {R"({"step_key":"a","title":"A","escalation":{"after_minutes":1,"to_role":"Admin"}})",
         {"steps[0].escalation not_applicable"}},
        {R"({"step_key":"a","title":"A","approver_role":"Admin"})",
         {"steps[0].approver_role not_applicable"}},
        {R"({"step_key":"a","title":"A","on_submit":[{"when":{"data.age":"> 1"},"next_step_key":null}]})",
         {"steps[0].on_submit[0].when unknown_path"}},
        {R"({"step_key":"a","title":"A","on_submit":[{"when":{"planet.mass":"> 1"},"next_step_key":null}]})",
         {"steps[0].on_submit[0].when unknown_path"}},
    };
    for (const FlowCase& one : cases) EXPECT_EQ(faults(read(one.steps)), one.faults) << one.steps;
}

TEST(Definition, AllowsLoopsThatHaveAWayOutAndJumps) {
    EXPECT_THAT(faults(read(R"(
        {"step_key":"a","title":"A",
         "form_fields":[{"field_key":"again","field_type":"boolean","label":"Again"}],
         "on_submit":[{"when":{"data.again":true},"next_step_key":"a"},
                      {"when":{"workflow.entity_type":"provider"},"next_step_key":"c"}]},
        {"step_key":"b","title":"B","needs_approval":true,"on_reject":[{"next_step_key":"a"}]},
        {"step_key":"c","title":"C","on_submit":[{"when":{"steps.a.again":true},"next_step_key":"b"}]})")),
                IsEmpty());
}

TEST(Definition, NamesThePlaceInABadCondition) {
    const auto found = faults(read(
        step("a", R"("on_submit":[{"when":[{"workflow.status":"pending"},{"workflow.entity_id":"> now( + 3"}],
                     "next_step_key":null}])")));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].starts_with("steps[0].on_submit[0].when[1].workflow.entity_id")) << found[0];
}

TEST(Definition, RefusesRulesThatDoNotFitTheirField) {
    const std::string at = "steps[0].form_fields[0].validation";
    EXPECT_THAT(field_faults("text", R"({"min": 1})"), ElementsAre(at + ".min not_applicable"));
    EXPECT_THAT(field_faults("number", R"({"min": "one"})"), ElementsAre(at + ".min invalid"));
    EXPECT_THAT(field_faults("number", R"({"min": 5, "max": 4})"), ElementsAre(at + ".max invalid"));
    EXPECT_THAT(field_faults("date", R"({"max": "2025-02-30"})"), ElementsAre(at + ".max invalid"));
    EXPECT_THAT(field_faults("number", R"({"max_length": 4})"),
                ElementsAre(at + ".max_length not_applicable"));
    EXPECT_THAT(field_faults("text", R"({"min_length": 5, "max_length": 4})"),
                ElementsAre(at + ".max_length invalid"));
    EXPECT_THAT(field_faults("text", R"({"pattern": "(a"})"), ElementsAre(at + ".pattern invalid"));
    EXPECT_THAT(field_faults("email", R"({"pattern": "a"})"), ElementsAre(at + ".pattern not_applicable"));
    EXPECT_THAT(field_faults("select", "{}"), ElementsAre(at + ".options required"));
    EXPECT_THAT(field_faults("select", R"({"options": ["a", "a"]})"),
                ElementsAre(at + ".options[1] invalid"));
    EXPECT_THAT(field_faults("text", R"({"options": ["a"]})"), ElementsAre(at + ".options not_applicable"));
    EXPECT_THAT(field_faults("multiselect", R"({"options": ["a"], "max_length": 1})"), IsEmpty());
}

TEST(Definition, RefusesActionsThatCannotBeDone) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"({"type":"send_notification","to":"starter"})", ".template_name required"},
        {R"({"type":"send_notification","template_name":"t"})", ".to required"},
        {R"({"type":"send_notification","template_name":"t","to":"starter","event":"custom.a"})",
         ".event not_applicable"},
        {R"({"type":"send_notification","template_name":"t","to":"starter","variables":{"x":"steps.b.y"}})",
         ".variables.x unknown_path"},
        {R"({"type":"send_notification","template_name":"t","to":"starter","variables":["x"]})",
         ".variables invalid"},
        {R"({"type":"set_provider_status"})", ".status required"},
        {R"({"type":"set_provider_status","status":"very active"})", ".status invalid"},
        {R"({"type":"call_webhook"})", ".event required"},
        {R"({"type":"publish_event","event":"loan.disbursed"})", ".event invalid"},
        {R"({"type":"publish_event","event":"custom."})", ".event invalid"},
        {R"({"type":"publish_event","event":"custom.a","when":{"data.x":"> "}})", ".when.data.x invalid"},
    };
    for (const auto& [action, fault] : cases) {
        const auto found = faults(read(step("a", std::string(R"("actions":{"complete":[)") + action + "]}")));
        ASSERT_FALSE(found.empty()) << action;
        if (std::string_view(fault).starts_with(".when")) {
            EXPECT_TRUE(found[0].starts_with("steps[0].actions.complete[0].when.data.x")) << found[0];
        } else {
            EXPECT_THAT(found, ElementsAre("steps[0].actions.complete[0]" + std::string(fault))) << action;
        }
    }
    EXPECT_THROW(read(step("a", R"("actions":{"enter":[{"type":"format_disk"}]})")), Failure);
    EXPECT_THAT(
        faults(read(step("a", R"("actions":{"approve":[{"type":"publish_event","event":"custom.a"}]})"))),
        ElementsAre("steps[0].actions.approve not_applicable"));
    Definition other =
        read(step("a"), R"(, "actions":{"approve":[{"type":"set_provider_status","status":"a"}]})");
    EXPECT_THAT(faults(other), IsEmpty());
    other.entity_type = "booking";
    EXPECT_THAT(faults(other), ElementsAre("actions.approve[0].type not_applicable"));
}

TEST(Definition, TellsAllFaultsAtOnce) {
    const auto found = faults(read(step("1") + "," + step("b", R"("on_submit":[{"next_step_key":"z"}])"),
                                   R"(, "id": "no spaces")"));
    EXPECT_THAT(found, Contains("id invalid"));
    EXPECT_THAT(found, Contains("steps[0].step_key invalid"));
    EXPECT_THAT(found, Contains("steps[1].on_submit[0].next_step_key unknown_step"));
    EXPECT_THROW(require_sound(read("")), Failure);
}

}  // namespace
}  // namespace pamoja::workflows
