#include "access/policies.hpp"

#include <algorithm>

#include "access/internal/state.hpp"

namespace pamoja::access {
namespace {

constexpr std::int64_t policies_max = 10'000;
constexpr std::size_t conditions_bytes_max = 32 << 10;

struct PolicyVersion {
    PolicyId policy_id;
    std::int64_t version = 1;
    PolicyText written;
    bool is_removed = false;
    UserId changed_by;
    Timestamp changed_at;

    void describe(Fields& f) {
        f("policy_id", policy_id);
        f("version", version);
        f("written", written);
        f("is_removed", is_removed);
        f("changed_by", changed_by);
        f("changed_at", changed_at);
    }
};

bool is_target_name(std::string_view text) {
    if (text == everything) return true;
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.' || c == ':';
    });
}

void require_holds_target(Tx& tx, const Subject& by, const PolicyText& text) {
    require(policy_set(tx)->has_permission(by, text.resource, text.action), forbidden,
            "You can only write policies about what you may do yourself.");
}

void note_version(Tx& tx, const Policy& policy, const UserId& by, bool is_removed) {
    const PolicyVersion version{policy.id, policy.version, policy.text, is_removed, by, tx.now()};
    tx.insert("policy_versions", version);
    note_change(tx, "policy " + json::quoted(policy.id.text()) + (is_removed ? " removed" : " ") +
                        write_json(policy.text, WireStyle::storage()));
}

Policy added(Tx& tx, const PolicyId& id, const PolicyText& text, const UserId& by) {
    const Policy policy{id.empty() ? tx.new_id<PolicyId>() : id, text, 1, tx.now(), tx.now()};
    tx.insert("policies", policy);
    note_version(tx, policy, by, false);
    return policy;
}

}  // namespace

void PolicyText::describe(Fields& f) {
    f("name", name).length(1, 200);
    f.optional("description", description).length(0, 1000);
    f("resource", resource).length(1, 100);
    f("action", action).length(1, 100);
    f("effect", effect);
    f("conditions", conditions);
    f.optional("is_enabled", is_enabled);
}

void Policy::describe(Fields& f) {
    f("id", id);
    f.include(text);
    f("version", version);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Rule compile(const PolicyId& id, const PolicyText& text) {
    require_field(is_target_name(text.resource), "target.resource", "invalid",
                  "This is no name of a resource.");
    require_field(is_target_name(text.action), "target.action", "invalid", "This is no name of an action.");
    require_field(json::to_text(text.conditions).size() <= conditions_bytes_max, "rules.conditions",
                  "too_long", "The conditions are too long.");
    require_field(text.conditions.array() != nullptr, "rules.conditions", "invalid",
                  "Conditions are a list of objects.");
    return {id, text.name, text.resource, text.action, text.effect, Condition::compile(text.conditions)};
}

Policy create_policy(Tx& tx, const Subject& by, const PolicyText& text) {
    compile(PolicyId(), text);
    require_holds_target(tx, by, text);
    const auto count = *tx.value<std::int64_t>("SELECT COUNT(*) FROM policies WHERE tenant_id = :tenant");
    require(count < policies_max, conflict, "There is no room for more policies.");
    return added(tx, PolicyId(), text, by.id);
}

Policy ensure_policy(Tx& tx, const PolicyId& id, const PolicyText& text) {
    compile(id, text);
    auto found = tx.maybe<Policy>("FROM policies WHERE tenant_id = :tenant AND id = $1", id);
    return found ? std::move(*found) : added(tx, id, text, UserId());
}

Policy update_policy(Tx& tx, const Subject& by, const PolicyId& id, const PolicyText& text) {
    compile(id, text);
    Policy policy = policy_with(tx, id);
    require_holds_target(tx, by, policy.text);
    require_holds_target(tx, by, text);
    policy.text = text;
    ++policy.version;
    policy.updated_at = tx.now();
    tx.run(
        "UPDATE policies SET name = $1, description = $2, resource = $3, action = $4, effect = $5, "
        "conditions = $6, is_enabled = $7, version = $8, updated_at = $9 "
        "WHERE tenant_id = :tenant AND id = $10",
        text.name, text.description, text.resource, text.action, text.effect, text.conditions,
        text.is_enabled, policy.version, policy.updated_at, id);
    note_version(tx, policy, by.id, false);
    return policy;
}

void remove_policy(Tx& tx, const Subject& by, const PolicyId& id) {
    Policy policy = policy_with(tx, id);
    require_holds_target(tx, by, policy.text);
    ++policy.version;
    tx.run("DELETE FROM policies WHERE tenant_id = :tenant AND id = $1", id);
    note_version(tx, policy, by.id, true);
}

Policy policy_with(Tx& tx, const PolicyId& id) {
    auto found = tx.maybe<Policy>("FROM policies WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such policy.");
    return std::move(*found);
}

Page<Policy> policies(Tx& tx, const PolicyFilter& filter, const PageRequest& request) {
    return tx.page<Policy>(request,
                           "FROM policies WHERE tenant_id = :tenant AND resource = COALESCE($1, resource) "
                           "AND action = COALESCE($2, action) AND is_enabled = COALESCE($3, is_enabled)",
                           "created_at, id", filter.resource, filter.action, filter.is_enabled);
}

std::vector<Rule> enabled_rules(Tx& tx) {
    std::vector<Rule> rules;
    for (const auto& policy :
         tx.all<Policy>("FROM policies WHERE tenant_id = :tenant AND is_enabled = $1 ORDER BY id", true)) {
        rules.push_back(compile(policy.id, policy.text));
    }
    return rules;
}

}  // namespace pamoja::access
