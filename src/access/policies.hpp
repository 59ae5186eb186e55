#pragma once
#include <string>
#include <vector>

#include "access/policy_set.hpp"

namespace pamoja::access {

// What a policy says.
struct PolicyText {
    std::string name;
    std::string description{};
    std::string resource;  // "booking", or "*" for every one
    std::string action;    // "cancel", or "*"
    Effect effect = Effect::allow;
    json::Value conditions{json::Array{}};  // docs/guides/policies.md
    bool is_enabled = true;

    void describe(Fields&);
};

struct Policy {
    PolicyId id;
    PolicyText text;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;

    void describe(Fields&);
};

// Checks the names and compiles the conditions. Throws Failure(validation_failed) whose errors name the
// place: target.resource, rules.conditions[0].booking.scheduled_time.
Rule compile(const PolicyId&, const PolicyText&);

// A policy can open what its target names, or lift what closed it: whoever writes, changes or removes one
// must hold the permission for its target, before and after. Throws forbidden, validation_failed, not_found.
Policy create_policy(Tx&, const Subject& by, const PolicyText&);
Policy update_policy(Tx&, const Subject& by, const PolicyId&, const PolicyText&);
void remove_policy(Tx&, const Subject& by, const PolicyId&);

// For what the system itself sets up: adds the policy unless there is one of that id.
Policy ensure_policy(Tx&, const PolicyId&, const PolicyText&);

Policy policy_with(Tx&, const PolicyId&);  // throws not_found

struct PolicyFilter {
    std::optional<std::string> resource{};
    std::optional<std::string> action{};
    std::optional<bool> is_enabled{};
};
Page<Policy> policies(Tx&, const PolicyFilter&, const PageRequest&);  // the oldest first

// The tenant's enabled policies, compiled, in order of id.
std::vector<Rule> enabled_rules(Tx&);

}  // namespace pamoja::access
