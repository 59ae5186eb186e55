#include "access/rehearsal.hpp"

#include <algorithm>

#include "access/internal/state.hpp"

namespace pamoja::access {
namespace {

constexpr std::int64_t decisions_max = 5'000;
constexpr std::size_t examples_max = 20;

struct Target {
    std::string resource;
    std::string action;
    auto operator<=>(const Target&) const = default;
};

// The decisions that either wording of the policy has a say in.
std::vector<RecordedDecision> decisions_for(Tx& tx, const std::vector<Target>& targets) {
    std::vector<RecordedDecision> found;
    for (const auto& target : targets) {
        for (auto& decision : decisions_about(tx, target.resource, target.action, decisions_max)) {
            found.push_back(std::move(decision));
        }
    }
    const auto latest_first = [](const RecordedDecision& a, const RecordedDecision& b) {
        return std::tie(a.decided_at, a.id) > std::tie(b.decided_at, b.id);
    };
    std::ranges::sort(found, latest_first);
    const auto same = std::ranges::unique(found, {}, &RecordedDecision::id);
    found.erase(same.begin(), same.end());
    if (std::ssize(found) > decisions_max) found.resize(decisions_max);
    return found;
}

void compare(Rehearsal& rehearsal, const RecordedDecision& record, const PolicySet& now,
             const PolicySet& edited) {
    const auto subject = record.asker();
    const auto question = record.question();
    const bool was_allowed = now.decide(subject, question, record.decided_at).is_allowed;
    const bool would_be_allowed = edited.decide(subject, question, record.decided_at).is_allowed;
    ++rehearsal.decisions_count;
    rehearsal.since = record.decided_at;
    if (was_allowed == would_be_allowed) {
        ++rehearsal.unchanged_count;
        return;
    }
    ++(would_be_allowed ? rehearsal.newly_allowed_count : rehearsal.newly_denied_count);
    if (rehearsal.examples.size() == examples_max) return;
    rehearsal.examples.push_back({record.id, record.user_id, record.resource, record.action,
                                  record.decided_at, was_allowed, would_be_allowed,
                                  edited.explain(subject, question, record.decided_at)});
}

}  // namespace

void RehearsedChange::describe(Fields& f) {
    f("decision_id", decision_id);
    f("user_id", user_id);
    f("resource", resource);
    f("action", action);
    f("decided_at", decided_at);
    f("was_allowed", was_allowed);
    f("would_be_allowed", would_be_allowed);
    f("explanation", explanation);
}

void Rehearsal::describe(Fields& f) {
    f("decisions", decisions_count);
    f("newly_allowed", newly_allowed_count);
    f("newly_denied", newly_denied_count);
    f("unchanged", unchanged_count);
    f("since", since);
    f("examples", examples);
}

Rehearsal rehearse(Tx& tx, const PolicyId& id, const PolicyText& text) {
    store_noted_decisions(tx);
    std::vector<Target> targets{{text.resource, text.action}};
    if (!id.empty()) {
        const auto stored = policy_with(tx, id);
        targets.push_back({stored.text.resource, stored.text.action});
    }
    auto rules = enabled_rules(tx);
    std::erase_if(rules, [&](const Rule& rule) { return rule.id == id; });
    auto edited = compile(id, text);
    if (text.is_enabled) rules.push_back(std::move(edited));
    const auto now = policy_set(tx);
    const auto set = now->with_rules(std::move(rules));
    Rehearsal rehearsal;
    for (const auto& decision : decisions_for(tx, targets)) compare(rehearsal, decision, *now, *set);
    return rehearsal;
}

}  // namespace pamoja::access
