#pragma once
#include "access/policies.hpp"

namespace pamoja::faces::upflame {

// What a policy is about, and what it says, as the document nests them.
struct PolicyTarget {
    std::string resource;
    std::string action;

    void describe(Fields& f) {
        f("resource", resource).length(1, 100);
        f("action", action).length(1, 100);
    }
};

struct PolicyRules {
    access::Effect effect = access::Effect::allow;
    json::Value conditions;

    void describe(Fields& f) {
        f("effect", effect);
        f("conditions", conditions)
            .doc(
                "A list of objects of which one must hold, each of attributes that must all hold: "
                "{\"user.role\": \"PremiumCustomer\", \"booking.scheduled_time\": \"> now() + 24h\"}.");
    }
};

// Another wording of a policy; what is left out stays as it is.
struct PolicyChangeRequest {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<PolicyTarget> target;
    std::optional<PolicyRules> rules;
    std::optional<bool> is_enabled;

    void describe(Fields& f) {
        f("name", name).length(1, 200);
        f("description", description).length(0, 1000);
        f("target", target);
        f("rules", rules);
        f("is_enabled", is_enabled);
    }

    access::PolicyText applied_to(access::PolicyText text) const {
        if (name) text.name = *name;
        if (description) text.description = *description;
        if (target) {
            text.resource = target->resource;
            text.action = target->action;
        }
        if (rules) {
            text.effect = rules->effect;
            text.conditions = rules->conditions;
        }
        if (is_enabled) text.is_enabled = *is_enabled;
        return text;
    }
};

}  // namespace pamoja::faces::upflame
