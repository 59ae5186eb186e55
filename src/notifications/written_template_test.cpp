#include "notifications/written_template.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"

namespace pamoja::notifications {
namespace {

const TenantId tenant("a");

TemplateText mail() {
    return {.name = "booked",
            .channel = Channel::email,
            .subject = "Booked {{reference}}",
            .text = "Dear {{name}}",
            .html = "<b>{{name}}</b>"};
}

class WrittenTemplateTest : public ::testing::TestWithParam<Engine> {
  protected:
    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    std::string refusal(const TemplateText& wanted) {
        try {
            write([&](Tx& tx) { write_template(tx, wanted); });
        } catch (const Failure& failure) {
            return failure.errors().at(0).field;
        }
        return "";
    }

    testing::TestDatabase db_{GetParam()};
};

TEST_P(WrittenTemplateTest, KnowsTheVariablesOfItsTexts) {
    const auto written = write([](Tx& tx) { return write_template(tx, mail()); });
    EXPECT_EQ(written.variables, (std::vector<std::string>{"reference", "name"}));
    const auto read = write([](Tx& tx) { return *template_named(tx, "booked", Channel::email); });
    EXPECT_EQ(read.id, written.id);
    EXPECT_EQ(read.html, "<b>{{name}}</b>");
    EXPECT_FALSE(write([](Tx& tx) { return template_named(tx, "booked", Channel::sms).has_value(); }));
}

TEST_P(WrittenTemplateTest, RefusesWhatIsNotWellFormed) {
    struct Case {
        const char* field;
        void (*change)(TemplateText&);
    };
    const Case cases[] = {
        {"name", [](TemplateText& t) { t.name = "a b"; }},
        {"name", [](TemplateText& t) { t.name = ""; }},
        {"channel", [](TemplateText& t) { t.channel = Channel::in_app; }},
        {"text", [](TemplateText& t) { t.text = ""; }},
        {"text", [](TemplateText& t) { t.text = "Dear {{name"; }},
        {"text", [](TemplateText& t) { t.text = "{{#each items}}x{{/each}}"; }},
        {"text", [](TemplateText& t) { t.text = "{{name | upper}}"; }},
        {"text", [](TemplateText& t) { t.text = "{{}}"; }},
        {"text", [](TemplateText& t) { t.text = "{{{name}}}"; }},
        {"subject", [](TemplateText& t) { t.subject = ""; }},
        {"subject", [](TemplateText& t) { t.subject = "Booked\r\nBcc: x@example.com"; }},
        {"subject", [](TemplateText& t) { t.subject = "{{a.b}}"; }},
        {"html", [](TemplateText& t) { t.html = "<ScRiPt>alert(1)</script>"; }},
        {"html", [](TemplateText& t) { t.html = "<a href='JavaScript:x()'>"; }},
        {"html", [](TemplateText& t) { t.channel = Channel::push; }},
        {"variables", [](TemplateText& t) { t.variables = {"name"}; }},
        {"variables",
         [](TemplateText& t) {
             t.variables = {"reference", "name", "no name"};
         }},
        {"variables", [](TemplateText& t) { t.variables = std::vector<std::string>(51, "name"); }},
    };
    for (const Case& each : cases) {
        TemplateText wanted = mail();
        each.change(wanted);
        EXPECT_EQ(refusal(wanted), each.field) << wanted.subject << wanted.text << wanted.html;
    }
    EXPECT_EQ(refusal({.name = "short", .channel = Channel::sms, .text = "no subject needed"}), "");
}

TEST_P(WrittenTemplateTest, ANameIsTakenOnceAChannel) {
    const auto first = write([](Tx& tx) { return write_template(tx, mail()); });
    EXPECT_EQ(refusal(mail()), "name");
    TemplateText text_message{.name = "booked", .channel = Channel::sms, .text = "{{name}}"};
    const auto second = write([&](Tx& tx) { return write_template(tx, text_message); });
    EXPECT_EQ(write([](Tx& tx) { return templates(tx, {}).total; }), 2);
    EXPECT_THROW(write([&](Tx& tx) { return rewrite_template(tx, second.id, mail()); }), Failure);
    TemplateText changed = mail();
    changed.subject = "New {{reference}}";
    EXPECT_EQ(write([&](Tx& tx) { return rewrite_template(tx, first.id, changed); }).subject,
              changed.subject);
    EXPECT_EQ(write([&](Tx& tx) { return template_of(tx, first.id); }).subject, changed.subject);
    write([&](Tx& tx) { remove_template(tx, first.id); });
    EXPECT_THROW(write([&](Tx& tx) { return template_of(tx, first.id); }), Failure);
    EXPECT_THROW(write([&](Tx& tx) { remove_template(tx, first.id); }), Failure);
    EXPECT_THROW(db_->write(TenantId("b"), [&](Tx& tx) { return template_of(tx, second.id); }), Failure);
}

INSTANTIATE_TEST_SUITE_P(Engines, WrittenTemplateTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::notifications
