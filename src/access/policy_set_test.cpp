#include "access/policy_set.hpp"

#include <gtest/gtest.h>

namespace pamoja::access {
namespace {

const Timestamp now = *Timestamp::parse("2025-12-05T14:48:13Z");

Rule rule(const char* id, Effect effect, const char* resource, const char* action, const char* conditions) {
    return {PolicyId(id), id, resource, action, effect, Condition::compile(json::parse(conditions))};
}

Subject subject(std::vector<std::string> roles) {
    return {UserId("ann"), std::move(roles), {}, {{"email", json::Value("ann@example.com")}}};
}

Question question(const char* resource, const char* action, const char* attributes = "{}") {
    return {resource, action, json::parse(attributes), "UTC"};
}

std::vector<RolePermission> permissions() {
    return {{"Customer", "booking.create", "booking", "create"},
            {"Admin", "*", "*", "*"},
            {"Clerk", "booking.*", "booking", "*"},
            {"Auditor", "*.read", "*", "read"}};
}

TEST(PolicySet, AllowsByPermissionOfARole) {
    const PolicySet set({}, permissions());
    struct Case {
        const char* role;
        const char* resource;
        const char* action;
        bool is_allowed;
    };
    for (const auto& each : std::vector<Case>{{"Customer", "booking", "create", true},
                                              {"Customer", "booking", "cancel", false},
                                              {"Customer", "user", "create", false},
                                              {"Admin", "anything", "at_all", true},
                                              {"Clerk", "booking", "cancel", true},
                                              {"Clerk", "user", "cancel", false},
                                              {"Auditor", "user", "read", true},
                                              {"Auditor", "user", "update", false},
                                              {"Stranger", "booking", "create", false}}) {
        const auto asked = question(each.resource, each.action);
        EXPECT_EQ(set.decide(subject({each.role}), asked, now).is_allowed, each.is_allowed)
            << each.role << " " << each.resource << " " << each.action;
        EXPECT_EQ(set.has_permission(subject({each.role}), each.resource, each.action), each.is_allowed);
    }
    EXPECT_FALSE(set.has_permission(subject({"Clerk"}), "*", "*"));
    EXPECT_TRUE(set.has_permission(subject({"Clerk"}), "booking", "*"));
    EXPECT_TRUE(set.has_permission(subject({"Admin"}), "*", "*"));
    EXPECT_FALSE(set.has_permission(subject({}), "booking", "create"));
}

TEST(PolicySet, DeniesUnlessSomethingAllows) {
    const PolicySet set({}, {});
    const auto decision = set.decide(subject({"Customer"}), question("booking", "cancel"), now);
    EXPECT_FALSE(decision.is_allowed);
    EXPECT_TRUE(decision.policies.empty());
    EXPECT_FALSE(decision.reason.empty());
}

TEST(PolicySet, CombinesEffectsAndWhatCannotBeEvaluated) {
    constexpr const char *yes = "[]", *no = R"([{"x.a": 2}])", *unknown = R"([{"x.b": 1}])";
    struct Case {
        const char* allow;
        const char* deny;
        bool is_allowed;
    };
    for (const auto& each : std::vector<Case>{{yes, no, true},
                                              {yes, yes, false},
                                              {yes, unknown, false},
                                              {no, no, false},
                                              {no, yes, false},
                                              {unknown, no, false},
                                              {unknown, unknown, false}}) {
        const PolicySet set(
            {rule("a", Effect::allow, "r", "a", each.allow), rule("d", Effect::deny, "r", "a", each.deny)},
            {});
        const auto asked = question("r", "a", R"({"x": {"a": 1}})");
        EXPECT_EQ(set.decide(subject({}), asked, now).is_allowed, each.is_allowed) << each.allow << each.deny;
        EXPECT_EQ(set.explain(subject({}), asked, now).is_allowed, each.is_allowed);
    }
}

TEST(PolicySet, LetsADenyBeatAPermission) {
    const PolicySet set({rule("late", Effect::deny, "booking", "cancel",
                              R"([{"booking.scheduled_at": "< now() + 24h", "user.role": "!= Gold"}])")},
                        {{"Customer", "booking.cancel", "booking", "cancel"}});
    const auto soon =
        question("booking", "cancel", R"({"booking": {"scheduled_at": "2025-12-05T20:00:00Z"}})");
    const auto later =
        question("booking", "cancel", R"({"booking": {"scheduled_at": "2025-12-09T20:00:00Z"}})");
    EXPECT_FALSE(set.decide(subject({"Customer"}), soon, now).is_allowed);
    EXPECT_EQ(set.decide(subject({"Customer"}), soon, now).policies, std::vector{PolicyId("late")});
    EXPECT_TRUE(set.decide(subject({"Customer", "Gold"}), soon, now).is_allowed);
    EXPECT_TRUE(set.decide(subject({"Customer"}), later, now).is_allowed);
    EXPECT_FALSE(set.decide(subject({"Customer"}), question("booking", "cancel"), now).is_allowed);
}

TEST(PolicySet, AppliesPoliciesForEverything) {
    const PolicySet set({rule("night", Effect::deny, "*", "*", R"([{"env.is_night": true}])"),
                         rule("read", Effect::allow, "*", "read", "[]"),
                         rule("all", Effect::allow, "booking", "*", R"([{"user.role": "Clerk"}])")},
                        {});
    const auto day = [](const char* resource, const char* action) {
        return question(resource, action, R"({"env": {"is_night": false}})");
    };
    EXPECT_TRUE(set.decide(subject({}), day("user", "read"), now).is_allowed);
    EXPECT_FALSE(set.decide(subject({}), day("user", "update"), now).is_allowed);
    EXPECT_TRUE(set.decide(subject({"Clerk"}), day("booking", "update"), now).is_allowed);
    EXPECT_FALSE(
        set.decide(subject({}), question("user", "read", R"({"env": {"is_night": true}})"), now).is_allowed);
}

TEST(PolicySet, NeverBelievesTheQuestionAboutTheUser) {
    const PolicySet set({rule("a", Effect::allow, "r", "a", R"([{"user.role": "Admin"}])"),
                         rule("b", Effect::allow, "r", "b", R"([{"user.email": "root@example.com"}])"),
                         rule("c", Effect::allow, "r", "c", R"([{"user.permissions": "contains 'r.z'"}])")},
                        {{"Zed", "r.z", "r", "z"}});
    const char* forged = R"({"user": {"role": "Admin", "roles": ["Admin"], "email": "root@example.com",
                                      "permissions": ["r.z"]}})";
    for (const char* action : {"a", "b", "c"}) {
        EXPECT_FALSE(set.decide(subject({}), question("r", action, forged), now).is_allowed) << action;
        auto boasting = subject({});
        boasting.attributes = {{"role", json::Value("Admin")},
                               {"roles", json::parse(R"(["Admin"])")},
                               {"permissions", json::parse(R"(["r.z"])")}};
        EXPECT_FALSE(set.decide(boasting, question("r", action), now).is_allowed) << action;
    }
    EXPECT_TRUE(set.decide(subject({"Zed"}), question("r", "c"), now).is_allowed);
}

TEST(PolicySet, ExplainsWithThePoliciesThatDecided) {
    const PolicySet set(
        {rule("premium", Effect::allow, "booking", "cancel",
              R"([{"user.role": "PremiumCustomer", "booking.scheduled_time": "> now() + 24h"}])"),
         rule("own", Effect::allow, "booking", "cancel", R"([{"booking.customer_id": "== user.id"}])"),
         rule("blocked", Effect::deny, "booking", "cancel", R"([{"user.is_blocked": true}])")},
        {{"Clerk", "booking.cancel", "booking", "cancel"}});
    const auto asked =
        question("booking", "cancel",
                 R"({"booking": {"scheduled_at": "2025-12-09T20:00:00Z", "customer_id": "ann"}})");
    const auto denied = set.explain(subject({"PremiumCustomer", "Clerk"}), asked, now);
    EXPECT_FALSE(denied.is_allowed);
    EXPECT_EQ(denied.policies, std::vector{PolicyId("blocked")});
    EXPECT_EQ(denied.permitted_by, std::vector<std::string>{"Clerk"});
    ASSERT_EQ(denied.trace.size(), 3u);
    EXPECT_TRUE(denied.trace[0].is_deciding);
    EXPECT_EQ(denied.trace[0].truth, Truth::unknown);
    EXPECT_EQ(denied.trace[0].clauses.at(0).problem, "There is no user.is_blocked.");

    auto unblocked = subject({"PremiumCustomer"});
    unblocked.attributes = {{"is_blocked", json::Value(false)}};
    const auto allowed = set.explain(unblocked, asked, now);
    EXPECT_TRUE(allowed.is_allowed);
    EXPECT_EQ(allowed.policies.size(), 2u);
    EXPECT_TRUE(allowed.trace[0].is_deciding);
    EXPECT_EQ(allowed.trace[0].clauses.at(1).expected, "2025-12-06T14:48:13Z");
}

TEST(PolicySet, FindsFewAmongManyPolicies) {
    std::vector<Rule> rules;
    for (int i = 0; i < 20'000; ++i) {
        const auto role = "role" + std::to_string(i);
        const auto conditions = R"([{"user.role": ")" + role + R"("}])";
        rules.push_back(rule(role.c_str(), i % 2 == 0 ? Effect::allow : Effect::deny, "data", "read",
                             conditions.c_str()));
    }
    const PolicySet set(std::move(rules), {});
    EXPECT_EQ(set.rules_for(subject({"role7", "role8"}), "data", "read").size(), 2u);
    EXPECT_TRUE(set.decide(subject({"role8"}), question("data", "read"), now).is_allowed);
    EXPECT_FALSE(set.decide(subject({"role7", "role8"}), question("data", "read"), now).is_allowed);
    EXPECT_LE(set.explain(subject({"role8"}), question("data", "read"), now).trace.size(), 100u);
}

TEST(PolicySet, NeedsEveryRoleThatAConditionNames) {
    const PolicySet set({rule("both", Effect::allow, "r", "a",
                              R"([{"user.role": "A", "all": [{"user.role": "B"}, {"x.y": 1}]}])"),
                         rule("either", Effect::allow, "r", "b", R"([{"user.role": ["A", "B"], "x.y": 1}])")},
                        {});
    struct Case {
        std::vector<std::string> roles;
        const char* action;
        bool is_allowed;
    };
    const std::vector<Case> cases{{{"A"}, "a", false}, {{"B"}, "a", false}, {{"B", "A"}, "a", true},
                                  {{"A"}, "b", true},  {{"B"}, "b", true},  {{"C", ""}, "b", false}};
    for (const auto& each : cases) {
        const auto asked = question("r", each.action, R"({"x": {"y": 1}})");
        EXPECT_EQ(set.decide(subject(each.roles), asked, now).is_allowed, each.is_allowed) << each.action;
        EXPECT_FALSE(set.decide(subject(each.roles), question("r", each.action), now).is_allowed);
    }
}

TEST(PolicySet, TakesPermissionsOfTheSubjectItself) {
    const PolicySet set({}, {});
    auto holder = subject({});
    holder.permissions = {"booking.cancel", "report.*"};
    EXPECT_TRUE(set.decide(holder, question("booking", "cancel"), now).is_allowed);
    EXPECT_TRUE(set.decide(holder, question("report", "read"), now).is_allowed);
    EXPECT_FALSE(set.decide(holder, question("booking", "create"), now).is_allowed);
}

}  // namespace
}  // namespace pamoja::access
