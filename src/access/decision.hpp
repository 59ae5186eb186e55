#pragma once
#include <string>
#include <vector>

#include "access/condition.hpp"
#include "db/tx.hpp"

namespace pamoja::access {

using PolicyId = Id<struct PolicyTag>;

enum class Effect { allow, deny };
constexpr std::array<const char*, 2> names(Effect) {
    return {"allow", "deny"};
}

// Who asks: in conditions the root "user".
struct Subject {
    UserId id;
    std::vector<std::string> roles;          // names
    std::vector<std::string> permissions{};  // held besides those of the roles ("booking.cancel")
    json::Object attributes{};               // whatever else conditions may read: {"email": …}
};

// What is asked: may the subject do this to that?
struct Question {
    std::string resource;                    // "booking"
    std::string action;                      // "cancel"
    json::Value attributes{json::Object{}};  // the other roots: {"booking": {…}, "provider": {…}}
    std::string time_zone = "UTC";           // of the tenant: whose day today() is
};

// One policy that was looked at for a decision.
struct PolicyTrace {
    PolicyId id;
    std::string name;
    Effect effect = Effect::allow;
    Truth truth = Truth::no;
    bool is_deciding = false;
    std::vector<Clause> clauses;

    void describe(Fields&);
};

// The answer, with everything that led to it when it was asked to explain itself.
struct Decision {
    bool is_allowed = false;
    std::string reason;                     // a sentence for the caller's user
    std::vector<PolicyId> policies;         // those that decided; empty when roles did, or nothing applied
    std::vector<std::string> permitted_by;  // roles whose permissions allow it; filled by explain()
    std::vector<PolicyTrace> trace;         // filled by explain()

    void describe(Fields&);
};

// Decides by the tenant's permissions and policies as they stand in this transaction. Nothing is allowed
// unless something allows it; a deny wins over every allow; an allow whose condition cannot be evaluated does
// not count, a deny whose condition cannot be evaluated does. Fit for read transactions; records nothing.
Decision decide(Tx&, const Subject&, const Question&);
// The same with the clauses and actual values of every policy for this resource and action.
Decision explain(Tx&, const Subject&, const Question&);

// Guards an operation: throws forbidden with the decision's reason unless it is allowed. The decision is
// noted so that an edited policy can be rehearsed against it. Call it with all attributes that policies may
// read: a deny that misses one denies.
void require_allowed(Tx&, const Subject&, const Question&);

// Whether a role of the subject, or a permission that it holds itself, covers this; policies have no say.
bool has_permission(Tx&, const Subject&, std::string_view resource, std::string_view action);
// Guards what has no attributes of its own ("role.create"), for routes. Policies have no say, so nobody can
// lock the administrators out of the policies. Throws forbidden. Records nothing.
void require_permission(Tx&, const Subject&, std::string_view permission);

}  // namespace pamoja::access
