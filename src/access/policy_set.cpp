#include "access/policy_set.hpp"

#include <algorithm>
#include <set>

#include "access/internal/evaluation.hpp"
#include "access/internal/policy_index.hpp"

namespace pamoja::access {
namespace {

constexpr const char* denied_by_default = "You do not have permission to do this.";
constexpr std::size_t trace_max = 100;  // policies of an explanation

bool is_held_directly(const Subject& subject, std::string_view resource, std::string_view action) {
    return std::ranges::any_of(subject.permissions, [&](const std::string& permission) {
        return covers(permission, resource, action);
    });
}

std::size_t bytes_of(const Rule& rule) {
    return sizeof(Rule) + rule.name.size() + 400 * (1 + rule.condition.attributes().size());
}

bool is_about(const Rule& rule, std::string_view resource, std::string_view action) {
    return (rule.resource == resource || rule.resource == everything) &&
           (rule.action == action || rule.action == everything);
}

}  // namespace

bool covers(std::string_view permission, std::string_view resource, std::string_view action) {
    if (permission == everything) return true;
    const auto dot = permission.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto held_action = permission.substr(dot + 1);
    return permission.substr(0, dot) == resource && (held_action == action || held_action == everything);
}

// What decided: the first deny, otherwise everything that allows.
struct PolicySet::Outcome {
    const std::string* role = nullptr;  // whose permission allows it
    bool is_held = false;               // by a permission of the subject itself
    const Rule* allow = nullptr;
    const Rule* deny = nullptr;

    // Takes in what there is for one role and target; true when a deny applies, which ends the search.
    bool add(std::span<const PolicyIndex::Entry> entries, const Facts& facts,
             const std::vector<Rule>& rules) {
        for (const auto& entry : entries) {
            if (entry.effect == Effect::allow && allow != nullptr) continue;
            const auto truth =
                entry.rest == nullptr ? Truth::yes : evaluate_program(*entry.rest, facts, nullptr);
            if (entry.effect == Effect::allow) {
                if (truth == Truth::yes) allow = &rules[entry.rule];
            } else if (truth != Truth::no) {
                deny = &rules[entry.rule];
                return true;
            }
        }
        return false;
    }
};

PolicySet::PolicySet(std::vector<Rule> rules, std::vector<RolePermission> permissions)
    : rules_(std::move(rules)), permissions_(std::move(permissions)) {
    for (const auto& permission : permissions_) {
        permissions_of_role_[permission.role].push_back(permission.permission);
        bytes_ += 400;
    }
    for (const auto& rule : rules_) bytes_ += bytes_of(rule);
    index_ = std::make_unique<const PolicyIndex>(rules_, permissions_);
    bytes_ += index_->bytes();
}

PolicySet::~PolicySet() = default;

std::shared_ptr<const PolicySet> PolicySet::with_rules(std::vector<Rule> rules) const {
    return std::make_shared<const PolicySet>(std::move(rules), permissions_);
}

bool PolicySet::has_permission(const Subject& subject, std::string_view resource,
                               std::string_view action) const {
    for (const auto& target : index_->targets_of(resource, action)) {
        for (const auto& role : subject.roles) {
            if (index_->find(target, role).is_permitted) return true;
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

PolicySet::Outcome PolicySet::outcome_of(const Subject& subject, const Question& question,
                                         Timestamp now) const {
    Outcome outcome;
    // Even where nothing of it is read, what the question says of the user must not be taken for it.
    json::Value user;
    const Facts facts{question.attributes, now, question.time_zone, &user, &subject.roles};
    const auto add = [&](const PolicyIndex::Found& found) {
        if (found.reads_user && user.is_null()) user = user_of(subject);
        return outcome.add(found.entries, facts, rules_);
    };
    for (const auto& target : index_->targets_of(question.resource, question.action)) {
        for (const auto& role : subject.roles) {
            if (role.empty()) continue;
            const auto found = index_->find(target, role);
            if (found.is_permitted && outcome.role == nullptr) outcome.role = &role;
            if (add(found)) return outcome;
        }
        if (add(index_->find(target, ""))) return outcome;
    }
    outcome.is_held = is_held_directly(subject, question.resource, question.action);
    return outcome;
}

Decision PolicySet::decide(const Subject& subject, const Question& question, Timestamp now) const {
    const auto outcome = outcome_of(subject, question, now);
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

std::vector<const Rule*> PolicySet::all_rules(std::string_view resource, std::string_view action) const {
    std::vector<const Rule*> found;
    for (const Rule& rule : rules_) {
        if (is_about(rule, resource, action)) found.push_back(&rule);
    }
    return found;
}

std::vector<const Rule*> PolicySet::rules_for(const Subject& subject, std::string_view resource,
                                              std::string_view action) const {
    std::vector<const Rule*> found;
    const auto add = [&](const PolicyIndex::Found& part) {
        for (const auto& entry : part.entries) found.push_back(&rules_[entry.rule]);
    };
    for (const auto& target : index_->targets_of(resource, action)) {
        for (const auto& role : subject.roles) {
            if (!role.empty()) add(index_->find(target, role));
        }
        add(index_->find(target, ""));
    }
    std::ranges::sort(found);
    const auto same = std::ranges::unique(found);
    found.erase(same.begin(), same.end());
    return found;
}

std::vector<std::string> PolicySet::roles_that_permit(const Subject& subject,
                                                      const Question& question) const {
    std::vector<std::string> roles;
    const auto targets = index_->targets_of(question.resource, question.action);
    for (const auto& role : subject.roles) {
        const bool permits = std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
            return index_->find(target, role).is_permitted;
        });
        if (permits) roles.push_back(role);
    }
    return roles;
}

Decision PolicySet::explain(const Subject& subject, const Question& question, Timestamp now) const {
    Decision decision = decide(subject, question, now);
    decision.permitted_by = roles_that_permit(subject, question);
    const auto user = user_of(subject);
    const Facts facts{question.attributes, now, question.time_zone, &user, &subject.roles};
    bool is_denied = false;
    for (const Rule* rule : all_rules(question.resource, question.action)) {
        PolicyTrace trace{rule->id, rule->name, rule->effect, Truth::no, false, {}};
        trace.truth = rule->condition.evaluate(facts, &trace.clauses);
        is_denied |= rule->effect == Effect::deny && trace.truth != Truth::no;
        decision.trace.push_back(std::move(trace));
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
