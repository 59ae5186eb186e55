#include "access/condition.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace pamoja::access {
namespace {

const Timestamp now = *Timestamp::parse("2025-12-05T14:48:13Z");

// What the conditions of these tests look at.
const json::Value& attributes() {
    static const auto value = json::parse(R"j({
        "user": {"id": "ann", "email": "ann@example.com", "age": 30, "teams": ["red", "blue"], "level": 2.5,
                 "manager": null, "is_trusted": true, "joined_at": "2025-12-01T08:00:00Z", "tags": [],
                 "born_on": "1995-02-03", "big": 9007199254740993, "huge": 99999999999999999999},
        "booking": {"status": "confirmed", "scheduled_at": "2025-12-07T10:00:00Z", "customer_id": "ann",
                    "total": 1250, "created_at": "2025-12-05T10:00:00Z", "team": "red", "note": "in progress",
                    "on": "2025-12-05"},
        "env": {"ip": "10.0.0.1"}})j");
    return value;
}

const std::vector<std::string> roles{"Customer", "PremiumCustomer"};

Facts facts(std::string_view zone = "UTC") {
    return {attributes(), now, zone, nullptr, &roles};
}

Truth truth_of(const std::string& conditions, std::string_view zone = "UTC") {
    return Condition::compile(json::parse(conditions)).evaluate(facts(zone));
}

struct Case {
    const char* conditions;
    Truth truth;
};

void check(const std::vector<Case>& cases) {
    for (const auto& each : cases)
        EXPECT_EQ(name_of(truth_of(each.conditions)), std::string(name_of(each.truth))) << each.conditions;
}

TEST(Condition, OfTheDocumentAllowsAPremiumCustomerADayAhead) {
    const char* written =
        R"j([{"user.role": "PremiumCustomer", "booking.scheduled_time": "> now() + 24h"}])j";
    EXPECT_EQ(truth_of(written), Truth::yes);
    const std::vector<std::string> plain{"Customer"};
    const auto condition = Condition::compile(json::parse(written));
    EXPECT_EQ(condition.evaluate({attributes(), now, "UTC", nullptr, &plain}), Truth::no);
    EXPECT_EQ(condition.evaluate({attributes(), now.plus(std::chrono::hours(24)), "UTC", nullptr, &roles}),
              Truth::no);
}

TEST(Condition, ComparesValuesOfEveryKind) {
    check({
        {R"j([{"booking.status": "confirmed"}])j", Truth::yes},
        {R"j([{"booking.status": "cancelled"}])j", Truth::no},
        {R"j([{"booking.status": "!= cancelled"}])j", Truth::yes},
        {R"j([{"booking.status": "== 'confirmed'"}])j", Truth::yes},
        {R"j([{"booking.note": "== \"in progress\""}])j", Truth::yes},
        {R"j([{"user.age": 30}])j", Truth::yes},
        {R"j([{"user.age": 30.0}])j", Truth::yes},
        {R"j([{"user.age": "> 29.999999"}])j", Truth::yes},
        {R"j([{"user.age": "<= 30"}])j", Truth::yes},
        {R"j([{"user.age": "< 30"}])j", Truth::no},
        {R"j([{"user.age": ">= -5"}])j", Truth::yes},
        {R"j([{"user.level": 2.5}])j", Truth::yes},
        {R"j([{"user.big": 9007199254740993}])j", Truth::yes},
        {R"j([{"user.big": 9007199254740992}])j", Truth::no},
        {R"j([{"user.huge": "> 1"}])j", Truth::unknown},
        {R"j([{"user.is_trusted": true}])j", Truth::yes},
        {R"j([{"user.is_trusted": "!= true"}])j", Truth::no},
        {R"j([{"user.manager": null}])j", Truth::yes},
        {R"j([{"user.manager": "!= null"}])j", Truth::no},
        {R"j([{"user.manager": "x"}])j", Truth::no},
        {R"j([{"user.manager": "> 3"}])j", Truth::unknown},
        {R"j([{"user.age": "x"}])j", Truth::unknown},
        {R"j([{"user.nothing": "x"}])j", Truth::unknown},
        {R"j([{"nothing.at.all": "!= 3"}])j", Truth::unknown},
    });
}

TEST(Condition, ComparesTimes) {
    check({
        {R"j([{"booking.scheduled_at": "> now() + 24h"}])j", Truth::yes},
        {R"j([{"booking.scheduled_at": "> now() + 2d"}])j", Truth::no},
        {R"j([{"booking.scheduled_time": "< now() + 1w - 15m + 30s"}])j", Truth::yes},
        {R"j([{"booking.scheduled_time": "between now() and now() + 7d"}])j", Truth::yes},
        {R"j([{"booking.scheduled_at": "2025-12-07T11:00:00+01:00"}])j", Truth::yes},
        {R"j([{"booking.scheduled_at": "> 2025-12-07"}])j", Truth::no},
        {R"j([{"booking.scheduled_at": ">= 2025-12-07"}])j", Truth::yes},
        {R"j([{"booking.scheduled_at": "> today() + 1d"}])j", Truth::yes},
        {R"j([{"booking.scheduled_at": "> booking.created_at + 2d"}])j", Truth::no},
        {R"j([{"booking.scheduled_at": "> booking.created_at + 47h"}])j", Truth::yes},
        {R"j([{"booking.on": "== today()"}])j", Truth::yes},
        {R"j([{"booking.on": "< now()"}])j", Truth::yes},
        {R"j([{"user.born_on": "< today() - 6570d"}])j", Truth::yes},
        {R"j([{"user.joined_at": "< booking.created_at"}])j", Truth::yes},
        {R"j([{"user.age": "> now()"}])j", Truth::unknown},
        {R"j([{"booking.note": "> now()"}])j", Truth::unknown},
    });
}

TEST(Condition, TakesTodayFromTheTimeZone) {
    const char* written = R"j([{"booking.scheduled_at": "== today() + 2d"}])j";
    EXPECT_EQ(truth_of(written, "UTC"), Truth::yes);
    const auto late = json::parse(R"j({"booking": {"scheduled_at": "2025-12-06T20:00:00Z"}})j");
    const auto condition =
        Condition::compile(json::parse(R"j([{"booking.scheduled_at": "== today() + 2d"}])j"));
    EXPECT_EQ(condition.evaluate({late, now, "UTC"}), Truth::no);
    EXPECT_EQ(condition.evaluate({late, now, "Asia/Kolkata"}), Truth::yes);
}

TEST(Condition, SearchesListsAndTexts) {
    check({
        {R"j([{"booking.status": "in [pending, confirmed]"}])j", Truth::yes},
        {R"j([{"booking.status": ["pending", "declined"]}])j", Truth::no},
        {R"j([{"booking.status": "not in ['pending', declined]"}])j", Truth::yes},
        {R"j([{"user.age": "in [1, 30]"}])j", Truth::yes},
        {R"j([{"booking.team": "in user.teams"}])j", Truth::yes},
        {R"j([{"booking.status": "not in user.teams"}])j", Truth::yes},
        {R"j([{"booking.status": "in user.age"}])j", Truth::unknown},
        {R"j([{"user.teams": "contains blue"}])j", Truth::yes},
        {R"j([{"user.teams": "contains booking.team"}])j", Truth::yes},
        {R"j([{"user.tags": "contains blue"}])j", Truth::no},
        {R"j([{"user.email": "contains '@example'"}])j", Truth::yes},
        {R"j([{"user.email": "starts_with 'ann@'"}])j", Truth::yes},
        {R"j([{"user.email": "starts_with ben"}])j", Truth::no},
        {R"j([{"user.age": "starts_with a"}])j", Truth::unknown},
        {R"j([{"user.teams": "== red"}])j", Truth::unknown},
        {R"j([{"user.age": "between 18 and 65"}])j", Truth::yes},
        {R"j([{"user.age": "between 30 and 30"}])j", Truth::yes},
        {R"j([{"user.age": "between 31 and 65"}])j", Truth::no},
        {R"j([{"user.manager": "exists"}])j", Truth::no},
        {R"j([{"user.manager": "not exists"}])j", Truth::yes},
        {R"j([{"user.age": "exists"}])j", Truth::yes},
        {R"j([{"env.proxy": "not exists"}])j", Truth::yes},
    });
}

TEST(Condition, RefersToOtherAttributes) {
    check({
        {R"j([{"booking.customer_id": "== user.id"}])j", Truth::yes},
        {R"j([{"booking.customer_id": "!= user.email"}])j", Truth::yes},
        {R"j([{"booking.total": "> user.age + 1219.5"}])j", Truth::yes},
        {R"j([{"booking.total": "> user.age + 1220"}])j", Truth::no},
        {R"j([{"booking.total": "> user.email + 1"}])j", Truth::unknown},
        {R"j([{"booking.total": "== user.missing"}])j", Truth::unknown},
        {R"j([{"booking.customer_id": "== user.age"}])j", Truth::unknown},
    });
}

TEST(Condition, TakesARoleForAnyOfTheRoles) {
    check({
        {R"j([{"user.role": "Customer"}])j", Truth::yes},
        {R"j([{"user.role": "PremiumCustomer"}])j", Truth::yes},
        {R"j([{"user.role": "Admin"}])j", Truth::no},
        {R"j([{"user.role": "!= Customer"}])j", Truth::no},
        {R"j([{"user.role": "!= Admin"}])j", Truth::yes},
        {R"j([{"user.role": "in [Admin, Customer]"}])j", Truth::yes},
        {R"j([{"user.role": "not in [Admin, Customer]"}])j", Truth::no},
        {R"j([{"user.role": "starts_with Premium"}])j", Truth::yes},
        {R"j([{"user.roles": "contains Customer"}])j", Truth::yes},
        {R"j([{"user.roles": "contains Admin"}])j", Truth::no},
    });
}

TEST(Condition, CombinesClausesAndKeepsWhatIsNotKnown) {
    check({
        {R"j([])j", Truth::yes},
        {R"j([{"user.age": 30, "booking.total": 1}])j", Truth::no},
        {R"j([{"user.age": 30}, {"booking.total": 1}])j", Truth::yes},
        {R"j([{"user.age": 30, "x.y": 1}])j", Truth::unknown},
        {R"j([{"user.age": 31, "x.y": 1}])j", Truth::no},
        {R"j([{"x.y": 1}, {"user.age": 30}])j", Truth::yes},
        {R"j([{"x.y": 1}, {"user.age": 31}])j", Truth::unknown},
        {R"j([{"not": {"user.age": 31}}])j", Truth::yes},
        {R"j([{"not": {"x.y": 1}}])j", Truth::unknown},
        {R"j([{"not": [{"user.age": 31}, {"user.age": 30}]}])j", Truth::no},
        {R"j([{"any": [{"user.age": 31}, {"booking.total": 1250}], "user.level": 2.5}])j", Truth::yes},
        {R"j([{"any": [{"user.age": 31}, {"booking.total": 1250}], "user.level": 2}])j", Truth::no},
        {R"j([{"all": [{"user.age": 30}, {"user.age": "> 29"}]}])j", Truth::yes},
        {R"j([{"all": [{"user.age": 30}, {"user.age": "> 30"}]}])j", Truth::no},
        {R"j([{"not": {"not": {"all": [{"user.age": 30}]}}}])j", Truth::yes},
        {R"j({"user.age": 30, "booking.total": 1250})j", Truth::yes},
    });
}

TEST(Condition, TracesEveryClauseWithActualValues) {
    const auto condition = Condition::compile(json::parse(
        R"j([{"user.role": "Admin", "booking.scheduled_time": "> now() + 72h", "x.y": "> 1"}])j"));
    std::vector<Clause> trace;
    EXPECT_EQ(condition.evaluate(facts(), &trace), Truth::no);
    ASSERT_EQ(trace.size(), 3u);
    EXPECT_EQ(trace[0].place, "rules.conditions[0].user.role");
    EXPECT_EQ(json::to_text(trace[0].actual), R"j(["Customer","PremiumCustomer"])j");
    EXPECT_EQ(trace[0].truth, Truth::no);
    EXPECT_EQ(trace[1].text, "booking.scheduled_time > now() + 72h");
    EXPECT_EQ(json::to_text(trace[1].actual), R"j("2025-12-07T10:00:00Z")j");
    EXPECT_EQ(trace[1].expected, "2025-12-08T14:48:13Z");
    EXPECT_EQ(trace[2].truth, Truth::unknown);
    EXPECT_EQ(trace[2].problem, "There is no x.y.");
}

TEST(Condition, KnowsTheRolesThatItDependsOn) {
    using Roles = std::optional<std::vector<std::string>>;
    const auto roles_of = [](const char* written) {
        return Condition::compile(json::parse(written)).roles();
    };
    EXPECT_EQ(roles_of(R"j([])j"), Roles());
    EXPECT_EQ(roles_of(R"j([{"user.role": "A", "x.y": 1}])j"), Roles({"A"}));
    EXPECT_EQ(roles_of(R"j([{"user.role": ["B", "A"]}, {"user.role": "C"}])j"), Roles({"A", "B", "C"}));
    EXPECT_EQ(roles_of(R"j([{"user.role": "A"}, {"x.y": 1}])j"), Roles());
    EXPECT_EQ(roles_of(R"j([{"not": {"user.role": "A"}}])j"), Roles());
    EXPECT_EQ(roles_of(R"j([{"user.role": "== booking.role"}])j"), Roles());
    EXPECT_EQ(roles_of(R"j([{"user.role": "starts_with A"}])j"), Roles());
}

struct Fault {
    const char* conditions;
    const char* field;
    const char* message;  // how it begins
};

const std::vector<Fault> faults{
    {R"j("x")j", "rules.conditions", "A condition is an object"},
    {R"j([{}])j", "rules.conditions[0]", "A condition names"},
    {R"j([{"user.age": 1}, 5])j", "rules.conditions[1]", "A condition is an object"},
    {R"j([{"user..age": 1}])j", "rules.conditions[0].user..age", "This is no attribute"},
    {R"j([{"user.age": {}}])j", "rules.conditions[0].user.age", "A literal, a list"},
    {R"j([{"user.age": []}])j", "rules.conditions[0].user.age", "The list is empty"},
    {R"j([{"user.age": [[1]]}])j", "rules.conditions[0].user.age", "A literal, a list"},
    {R"j([{"user.age": [1, "x"]}])j", "rules.conditions[0].user.age", "The values of a list"},
    {R"j([{"user.age": 1e30}])j", "rules.conditions[0].user.age", "Numbers have six decimals"},
    {R"j([{"user.age": ">"}])j", "rules.conditions[0].user.age", "At column 2: A value is missing"},
    {R"j([{"user.age": "> 3 4"}])j", "rules.conditions[0].user.age", "At column 5: Nothing may follow"},
    {R"j([{"user.age": "> yes"}])j", "rules.conditions[0].user.age", "At column 3: Only numbers and times"},
    {R"j([{"user.age": "> now("}])j", "rules.conditions[0].user.age",
     "At column 7: This function takes nothing"},
    {R"j([{"user.age": "> then()"}])j", "rules.conditions[0].user.age", "At column 3: The functions are"},
    {R"j([{"user.age": "> now() + 24x"}])j", "rules.conditions[0].user.age",
     "At column 13: The units of durations"},
    {R"j([{"user.age": "> now() + 24"}])j", "rules.conditions[0].user.age", "At column 9: A number can only"},
    {R"j([{"user.age": "> 5 + 24h"}])j", "rules.conditions[0].user.age", "At column 5: A duration can only"},
    {R"j([{"user.age": "> 24h"}])j", "rules.conditions[0].user.age", "At column 3: A duration is added"},
    {R"j([{"user.age": "> today() + 5h"}])j", "rules.conditions[0].user.age", "At column 11: A date moves"},
    {R"j([{"user.age": "> now() + 999999d"}])j", "rules.conditions[0].user.age",
     "At column 11: Durations are"},
    {R"j([{"user.age": "> 2025-13-01"}])j", "rules.conditions[0].user.age",
     "At column 3: There is no such day"},
    {R"j([{"user.age": "in progress"}])j", "rules.conditions[0].user.age", "At column 4: A list in brackets"},
    {R"j([{"user.age": "in [1, 2"}])j", "rules.conditions[0].user.age", "At column 9: A comma"},
    {R"j([{"user.age": "in []"}])j", "rules.conditions[0].user.age", "At column 5: The list is empty"},
    {R"j([{"user.age": "between 5 and 3"}])j", "rules.conditions[0].user.age",
     "At column 15: The range is empty"},
    {R"j([{"user.age": "between 5"}])j", "rules.conditions[0].user.age", "At column 10: The word \"and\""},
    {R"j([{"user.age": "between 5 and now()"}])j", "rules.conditions[0].user.age",
     "At column 15: The two ends"},
    {R"j([{"user.name": "== \"open"}])j", "rules.conditions[0].user.name", "At column 4: This quotation"},
    {R"j([{"user.name": "not contains x"}])j", "rules.conditions[0].user.name",
     "At column 5: Only in and exists"},
    {R"j([{"user.role": "> 5"}])j", "rules.conditions[0].user.role", "At column 3: Only numbers and times"},
    {R"j([{"user.role": 5}])j", "rules.conditions[0].user.role", "user.role is a text"},
    {R"j([{"user.roles": "Admin"}])j", "rules.conditions[0].user.roles", "user.roles is a list"},
    {R"j([{"booking.scheduled_time": "tomorrow"}])j", "rules.conditions[0].booking.scheduled_time",
     "booking.scheduled_at is a time"},
    {R"j([{"booking.status": "now() + 24h"}])j", "rules.conditions[0].booking.status",
     "An operator is missing"},
    {R"j([{"any": []}])j", "rules.conditions[0].any", "There is nothing to hold"},
    {R"j([{"any": {"user.age": 1}}])j", "rules.conditions[0].any", "A list of conditions"},
    {R"j([{"any": [{"user.age": "~ 1"}, {"user.age": "> x y"}]}])j", "rules.conditions[0].any[1].user.age",
     "At column 5: Nothing"},
};

TEST(Condition, IsRefusedWithThePlaceOfTheFault) {
    for (const auto& fault : faults) {
        try {
            Condition::compile(json::parse(fault.conditions));
            ADD_FAILURE() << "was taken: " << fault.conditions;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), validation_failed);
            ASSERT_FALSE(failure.errors().empty()) << fault.conditions;
            EXPECT_EQ(failure.errors().front().field, fault.field) << fault.conditions;
            EXPECT_EQ(failure.errors().front().message.substr(0, std::string_view(fault.message).size()),
                      fault.message)
                << fault.conditions;
        }
    }
}

TEST(Condition, ReportsEveryFaultAtOnce) {
    try {
        Condition::compile(json::parse(R"j([{"user.age": ">"}, {"user.age": "> x"}])j"), "steps[2].when");
        ADD_FAILURE();
    } catch (const Failure& failure) {
        ASSERT_EQ(failure.errors().size(), 2u);
        EXPECT_EQ(failure.errors()[1].field, "steps[2].when[1].user.age");
    }
}

TEST(Condition, IsBoundedInDepthAndSize) {
    std::string deep = R"j({"user.age": 1})j";
    for (int i = 0; i < 9; ++i) deep = R"j({"not": )j" + deep + "}";
    EXPECT_THROW(Condition::compile(json::parse("[" + deep + "]")), Failure);
    std::string wide = "[";
    for (int i = 0; i < 300; ++i)
        wide += std::string(i == 0 ? "" : ",") + R"j({"user.age": 1, "user.level": 2})j";
    EXPECT_THROW(Condition::compile(json::parse(wide + "]")), Failure);
    const auto long_text =
        json::Value(json::Array{json::Value(json::Object{{"a.b", json::Value(std::string(2000, 'x'))}})});
    EXPECT_THROW(Condition::compile(long_text), Failure);
}

// Whatever stands in an operator's text, compiling ends in a condition or a refusal, and evaluating in a
// truth.
TEST(Condition, SurvivesAnyBytes) {
    SeededRandom random(7);
    const std::vector<std::string> pieces{">",          "<=",
                                          "==",         "!=",
                                          "in",         "not",
                                          "between",    "and",
                                          "[",          "]",
                                          ",",          "now()",
                                          "today()",    "+",
                                          "-",          "24h",
                                          "7d",         "user.id",
                                          "1.5",        "\"",
                                          "'",          "\\",
                                          "exists",     "contains",
                                          " ",          "2025-12-05",
                                          "T10:00:00Z", "null",
                                          "true",       "(",
                                          ")",          "x",
                                          ".",          "99999999999999999999",
                                          "starts_with"};
    std::size_t taken = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string text;
        const auto count = random.below(12);
        for (std::uint64_t i = 0; i < count; ++i) {
            if (random.below(8) == 0)
                text += random.bytes(1 + random.below(4));
            else
                text += pieces[random.below(pieces.size())];
            if (random.below(2) == 0) text += ' ';
        }
        const json::Value written(json::Array{json::Value(json::Object{{"booking.x", json::Value(text)}})});
        try {
            const auto condition = Condition::compile(written);
            std::vector<Clause> trace;
            EXPECT_EQ(condition.evaluate(facts()), condition.evaluate(facts(), &trace));
            ++taken;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), validation_failed);
            EXPECT_FALSE(failure.errors().empty());
        }
    }
    EXPECT_GT(taken, 1000u);
}

}  // namespace
}  // namespace pamoja::access
