#pragma once
#include <vector>

#include "access/decision_log.hpp"
#include "access/policies.hpp"

namespace pamoja::access {

// A recorded decision that would have come out differently.
struct RehearsedChange {
    DecisionId decision_id;
    UserId user_id;
    std::string resource;
    std::string action;
    Timestamp decided_at;
    bool was_allowed = false;  // by the policies as they are now
    bool would_be_allowed = false;
    Decision explanation;  // under the edited policy

    void describe(Fields&);
};

struct Rehearsal {
    std::int64_t decisions_count = 0;  // that were tried
    std::int64_t newly_allowed_count = 0;
    std::int64_t newly_denied_count = 0;
    std::int64_t unchanged_count = 0;
    std::optional<Timestamp> since{};       // the oldest that was tried
    std::vector<RehearsedChange> examples;  // the latest of those that change

    void describe(Fields&);
};

// What a policy would have changed among the recorded decisions if it read like this, against the policies as
// they stand: each is decided anew at its own time, once with the tenant's rules and once with the edited one
// in the place of `id` (a new policy where `id` is empty). Throws validation_failed, not_found.
Rehearsal rehearse(Tx&, const PolicyId&, const PolicyText&);

}  // namespace pamoja::access
