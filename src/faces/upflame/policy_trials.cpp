#include "access/rehearsal.hpp"
#include "access/roles.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/policy_views.hpp"
#include "identity/people.hpp"
#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {
namespace {

struct EvaluationRequest {
    std::optional<UserId> user_id;
    std::string resource;
    std::string action;
    json::Value attributes{json::Object{}};

    void describe(Fields& f) {
        f("user_id", user_id).doc("Who asks; the caller when it is left out.");
        f("resource", resource).length(1, 100);
        f("action", action).length(1, 100);
        f.optional("attributes", attributes)
            .doc("What conditions read besides the user: {\"booking\": {\"scheduled_at\": …}}.");
    }
};

struct DecisionView {
    access::Decision decision;
    access::Effect effect = access::Effect::deny;

    DecisionView() = default;
    explicit DecisionView(access::Decision made)
        : decision(std::move(made)),
          effect(decision.is_allowed ? access::Effect::allow : access::Effect::deny) {}

    void describe(Fields& f) {
        f("decision", effect);
        f.include(decision);
    }
};

access::Subject asker_of(Call& call, const EvaluationRequest& request) {
    if (!request.user_id) return subject_of(call);
    identity::Principal principal;
    principal.user_id = identity::person_of(call.tx, *request.user_id).id;
    principal.roles = access::roles_of(call.tx, principal.user_id);
    return subject_of(call.tx.tenant(), principal);
}

DecisionView evaluate_policies(Call& call, const EvaluationRequest& request) {
    require_field(request.attributes.object() != nullptr, "attributes", "invalid", "must be an object");
    access::Question question{request.resource, request.action, request.attributes};
    if (const auto tenant = identity::tenant_named(call.tx, call.tx.tenant())) {
        question.time_zone = tenant->time_zone;
    }
    return DecisionView(access::explain(call.tx, asker_of(call, request), question));
}

access::Rehearsal rehearse_policy(Call& call, const PolicyChangeRequest& request) {
    const auto id = call.path<access::PolicyId>();
    return access::rehearse(call.tx, id, request.applied_to(access::policy_with(call.tx, id).text));
}

}  // namespace

void mount_policy_trials(Api& api) {
    api.section("Permissions & Policies");
    api.post("/policies/evaluate", evaluate_policies)
        .named("policy_evaluate")
        .summary("What would be decided, with every clause and the values that it met")
        .needs("policy.read")
        .addition();
    api.post("/policies/{id}/rehearse", rehearse_policy)
        .named("policy_rehearse")
        .summary("What another wording would have changed among the recorded decisions")
        .needs("policy.update")
        .addition();
}

}  // namespace pamoja::faces::upflame
