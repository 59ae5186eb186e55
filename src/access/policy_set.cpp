#include "access/policy_set.hpp"

#include <algorithm>
#include <set>

namespace pamoja::access {
namespace {

constexpr const char* denied_by_default = "You do not have permission to do this.";
constexpr std::size_t trace_max = 100;  // policies of an explanation

bool reads_user(const Condition& condition) {
    return std::ranges::any_of(condition.attributes(), [](const std::string& path) {
        return (path == "user" || path.starts_with("user.")) && path != "user.role" && path != "user.roles";
    });
}

bool is_held_directly(const Subject& subject, std::string_view resource, std::string_view action) {
    return std::ranges::any_of(subject.permissions, [&](const std::string& permission) {
        return covers(permission, resource, action);
    });
}

std::size_t bytes_of(const Rule& rule) {
    return sizeof(Rule) + rule.name.size() + 400 * (1 + rule.condition.attributes().size());
}

}  // namespace

bool covers(std::string_view permission, std::string_view resource, std::string_view action) {
    if (permission == everything) return true;
    const auto dot = permission.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto held_action = permission.substr(dot + 1);
    return permission.substr(0, dot) == resource && (held_action == action || held_action == everything);
}

PolicySet::PolicySet(std::vector<Rule> rules, std::vector<RolePermission> permissions)
    : rules_(std::move(rules)), permissions_(std::move(permissions)) {
    for (const auto& permission : permissions_) {
        auto& target = targets_[{permission.resource, permission.action}];
        target.by_role[permission.role].is_permitted = true;
        permissions_of_role_[permission.role].push_back(permission.permission);
        bytes_ += 400;
    }
    for (std::uint32_t i = 0; i < rules_.size(); ++i) index(i);
    for (const auto& [name, entry] : targets_) {
        const bool is_every_resource = name.resource == everything,
                   is_every_action = name.action == everything;
        if (is_every_resource && is_every_action) all_ = &entry;
        has_every_action_ |= is_every_action && !is_every_resource;
        has_every_resource_ |= is_every_resource && !is_every_action;
    }
}

std::shared_ptr<const PolicySet> PolicySet::with_rules(std::vector<Rule> rules) const {
    return std::make_shared<const PolicySet>(std::move(rules), permissions_);
}

void PolicySet::index(std::uint32_t at) {
    const Rule& rule = rules_[at];
    auto& target = targets_[{rule.resource, rule.action}];
    target.reads_user |= reads_user(rule.condition);
    bytes_ += bytes_of(rule);
    if (!rule.condition.roles()) {
        target.general.push_back(at);
        return;
    }
    for (const auto& role : *rule.condition.roles()) target.by_role[role].rules.push_back(at);
}

const PolicySet::Target* PolicySet::target(std::string_view resource, std::string_view action) const {
    const auto found = targets_.find(TargetView{resource, action});
    return found == targets_.end() ? nullptr : &found->second;
}

PolicySet::Targets PolicySet::targets_of(std::string_view resource, std::string_view action) const {
    Targets targets{};
    const auto add = [&](const Target* found) {
        if (found != nullptr) targets.found[targets.count++] = found;
    };
    if (resource != everything || action != everything) add(target(resource, action));
    if (has_every_action_ && action != everything) add(target(resource, everything));
    if (has_every_resource_ && resource != everything) add(target(everything, action));
    add(all_);
    return targets;
}

bool PolicySet::has_permission(const Subject& subject, std::string_view resource,
                               std::string_view action) const {
    const auto targets = targets_of(resource, action);
    for (std::size_t i = 0; i < targets.count; ++i) {
        for (const auto& role : subject.roles) {
            const auto entry = targets.found[i]->by_role.find(role);
            if (entry != targets.found[i]->by_role.end() && entry->second.is_permitted) return true;
        }
    }
    return is_held_directly(subject, resource, action);
}

json::Value PolicySet::user_of(const Subject& subject) const {
    json::Object user{{"id", json::Value(subject.id.text())}};
    for (const auto& [name, value] : subject.attributes) {
        // What decides must be what the index went by.
        if (name != "id" && name != "role" && name != "roles" && name != "permissions") {
            user.emplace_back(name, value);
        }
    }
    std::set<std::string> names(subject.permissions.begin(), subject.permissions.end());
    for (const auto& role : subject.roles) {
        const auto found = permissions_of_role_.find(role);
        if (found != permissions_of_role_.end()) names.insert(found->second.begin(), found->second.end());
    }
    json::Array permissions;
    for (const auto& name : names) permissions.emplace_back(name);
    user.emplace_back("permissions", json::Value(std::move(permissions)));
    return json::Value(std::move(user));
}

// Evaluates the rules until a deny applies; true then.
bool PolicySet::meets(const std::vector<std::uint32_t>& rules, const Facts& facts, Outcome& outcome) const {
    for (const auto at : rules) {
        const Rule& rule = rules_[at];
        if (rule.effect == Effect::allow) {
            if (outcome.allow == nullptr && rule.condition.holds(facts)) outcome.allow = &rule;
            continue;
        }
        outcome.deny_truth = rule.condition.evaluate(facts);
        if (outcome.deny_truth == Truth::no) continue;
        outcome.deny = &rule;
        return true;
    }
    return false;
}

PolicySet::Outcome PolicySet::outcome_of(const Subject& subject, const Question& question,
                                         Timestamp now) const {
    Outcome outcome;
    const auto targets = targets_of(question.resource, question.action);
    json::Value user;
    Facts facts{question.attributes, now, question.time_zone, nullptr, &subject.roles};
    bool reads_user = false;
    for (std::size_t i = 0; i < targets.count; ++i) reads_user |= targets.found[i]->reads_user;
    // Even where nothing of it is read, what the caller says of the user must not be taken for it.
    if (reads_user) user = user_of(subject);
    facts.user = &user;
    for (std::size_t i = 0; i < targets.count; ++i) {
        const Target& target = *targets.found[i];
        for (const auto& role : subject.roles) {
            const auto entry = target.by_role.find(role);
            if (entry == target.by_role.end()) continue;
            if (entry->second.is_permitted && outcome.role == nullptr) outcome.role = &role;
            if (meets(entry->second.rules, facts, outcome)) return outcome;
        }
        if (meets(target.general, facts, outcome)) return outcome;
    }
    outcome.is_held = is_held_directly(subject, question.resource, question.action);
    return outcome;
}

Decision PolicySet::decision_of(const Outcome& outcome) {
    Decision decision;
    if (outcome.deny != nullptr) {
        decision.policies = {outcome.deny->id};
        decision.reason = "The policy \"" + outcome.deny->name + "\" does not allow this.";
        return decision;
    }
    decision.is_allowed = outcome.role != nullptr || outcome.is_held || outcome.allow != nullptr;
    if (outcome.role != nullptr) {
        decision.reason = "The role \"" + *outcome.role + "\" allows this.";
    } else if (outcome.allow != nullptr) {
        decision.policies = {outcome.allow->id};
        decision.reason = "The policy \"" + outcome.allow->name + "\" allows this.";
    } else {
        decision.reason = outcome.is_held ? "A permission allows this." : denied_by_default;
    }
    return decision;
}

Decision PolicySet::decide(const Subject& subject, const Question& question, Timestamp now) const {
    return decision_of(outcome_of(subject, question, now));
}

std::vector<const Rule*> PolicySet::all_rules(const Targets& targets) const {
    std::vector<const Rule*> found;
    for (std::size_t i = 0; i < targets.count; ++i) {
        for (const auto at : targets.found[i]->general) found.push_back(&rules_[at]);
        for (const auto& [role, entry] : targets.found[i]->by_role) {
            for (const auto at : entry.rules) found.push_back(&rules_[at]);
        }
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<const Rule*> PolicySet::rules_for(const Subject& subject, std::string_view resource,
                                              std::string_view action) const {
    const auto has_role = [&](const Rule* rule) {
        const auto& roles = rule->condition.roles();
        return !roles || std::ranges::any_of(*roles, [&](const std::string& role) {
            return std::ranges::find(subject.roles, role) != subject.roles.end();
        });
    };
    auto found = all_rules(targets_of(resource, action));
    std::erase_if(found, [&](const Rule* rule) { return !has_role(rule); });
    return found;
}

Decision PolicySet::explain(const Subject& subject, const Question& question, Timestamp now) const {
    Decision decision = decide(subject, question, now);
    const auto user = user_of(subject);
    const Facts facts{question.attributes, now, question.time_zone, &user, &subject.roles};
    const auto targets = targets_of(question.resource, question.action);
    bool is_denied = false;
    for (const Rule* rule : all_rules(targets)) {
        PolicyTrace trace{rule->id, rule->name, rule->effect, Truth::no, false, {}};
        trace.truth = rule->condition.evaluate(facts, &trace.clauses);
        is_denied |= rule->effect == Effect::deny && trace.truth != Truth::no;
        decision.trace.push_back(std::move(trace));
    }
    for (std::size_t i = 0; i < targets.count; ++i) {
        for (const auto& role : subject.roles) {
            const auto entry = targets.found[i]->by_role.find(role);
            if (entry == targets.found[i]->by_role.end() || !entry->second.is_permitted) continue;
            if (std::ranges::find(decision.permitted_by, role) == decision.permitted_by.end()) {
                decision.permitted_by.push_back(role);
            }
        }
    }
    decision.policies.clear();
    for (auto& trace : decision.trace) {
        trace.is_deciding = is_denied ? trace.effect == Effect::deny && trace.truth != Truth::no
                                      : trace.effect == Effect::allow && trace.truth == Truth::yes;
        if (trace.is_deciding) decision.policies.push_back(trace.id);
    }
    std::ranges::stable_partition(decision.trace, &PolicyTrace::is_deciding);
    if (decision.trace.size() > trace_max) decision.trace.resize(trace_max);
    return decision;
}

}  // namespace pamoja::access
