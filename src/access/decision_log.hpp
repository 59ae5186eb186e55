#pragma once
#include <string>

#include "access/decision.hpp"
#include "db/tenants_with.hpp"

namespace pamoja::access {

// Decisions about guarded operations, kept so that an edited policy can be tried on them. A refusal rolls its
// transaction back, so decisions are first kept in this process's memory, and stored by a later transaction;
// those of a process that crashes are lost. What is audited does not depend on them.

using DecisionId = Id<struct DecisionTag>;

// The subject of a decision, without what its roles hold.
struct RecordedSubject {
    std::vector<std::string> roles;
    std::vector<std::string> permissions;
    json::Value attributes{json::Object{}};

    void describe(Fields&);
};

struct RecordedDecision {
    DecisionId id;
    std::string resource;
    std::string action;
    UserId user_id;
    RecordedSubject subject;
    json::Value attributes{json::Object{}};
    std::string time_zone;
    bool is_allowed = false;
    Timestamp decided_at;

    Subject asker() const;
    Question question() const;
    void describe(Fields&);
};

// Notes a decision, in this process's memory at first: an allowed one with the commit, a refusal at once.
// What is too large, and what finds no room, is not noted.
void note_decision(Tx&, const Subject&, const Question&, const Decision&);

// Stores what this process has noted for the tenant. Running twice stores once.
void store_noted_decisions(Tx&);

// The latest decisions about a resource and action ("*" for any), latest first; at most `count_max`.
std::vector<RecordedDecision> decisions_about(Tx&, const std::string& resource, const std::string& action,
                                              std::int64_t count_max);

// Deletes what was decided before that, and all but the latest `count_max`; at most twice `rows_max` at a
// time. Returns how many.
std::int64_t forget_decisions(Tx&, Timestamp before, std::int64_t count_max = 10'000,
                              std::int64_t rows_max = 500);

// For sweeps over all tenants: those of which this process has noted something, and those with old decisions.
std::vector<TenantId> tenants_with_noted_decisions(Tx&, const TenantSlice&);
std::vector<TenantId> tenants_with_old_decisions(Tx&, const TenantSlice&, Timestamp before);

}  // namespace pamoja::access
