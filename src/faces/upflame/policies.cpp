#include "access/policies.hpp"

#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/policy_views.hpp"
#include "faces/upflame/views.hpp"

namespace pamoja::faces::upflame {
namespace {

struct NewPolicyRequest {
    access::PolicyText text;
    PolicyTarget target;
    PolicyRules rules;

    void describe(Fields& f) {
        f("name", text.name).length(1, 200);
        f.optional("description", text.description).length(0, 1000);
        f("target", target);
        f("rules", rules);
        f.optional("is_enabled", text.is_enabled);
    }

    access::PolicyText wanted() const {
        auto wanted = text;
        wanted.resource = target.resource;
        wanted.action = target.action;
        wanted.effect = rules.effect;
        wanted.conditions = rules.conditions;
        return wanted;
    }
};

struct PolicyView {
    access::Policy policy;
    PolicyTarget target;
    PolicyRules rules;

    PolicyView() = default;
    explicit PolicyView(access::Policy shown)
        : policy(std::move(shown)),
          target{policy.text.resource, policy.text.action},
          rules{policy.text.effect, policy.text.conditions} {}

    void describe(Fields& f) {
        f("id", policy.id);
        f("name", policy.text.name);
        f("description", policy.text.description);
        f("target", target);
        f("rules", rules);
        f("is_enabled", policy.text.is_enabled);
        f("version", policy.version);
        f("created_at", policy.created_at);
        f("updated_at", policy.updated_at);
    }
};

PolicyView create_policy(Call& call, const NewPolicyRequest& request) {
    auto policy = access::create_policy(call.tx, subject_of(call), request.wanted());
    note(call, call.actor().user_id, "policy.create", "policy:" + policy.id.text());
    return PolicyView(std::move(policy));
}

struct PolicyQuery {
    access::PolicyFilter filter;
    PageQuery page;

    void describe(Fields& f) {
        f("resource", filter.resource).length(1, 100);
        f("action", filter.action).length(1, 100);
        f("is_enabled", filter.is_enabled);
        f.include(page);
    }
};

Listed<PolicyView> list_policies(Call& call, const PolicyQuery& query) {
    return listed<PolicyView>(access::policies(call.tx, query.filter, query.page.request()));
}

PolicyView show_policy(Call& call) {
    return PolicyView(access::policy_with(call.tx, call.path<access::PolicyId>()));
}

PolicyView change_policy(Call& call, const PolicyChangeRequest& request) {
    const auto id = call.path<access::PolicyId>();
    const auto text = request.applied_to(access::policy_with(call.tx, id).text);
    auto policy = access::update_policy(call.tx, subject_of(call), id, text);
    note(call, call.actor().user_id, "policy.update", "policy:" + id.text(),
         {{"version", json::Value(policy.version)}});
    return PolicyView(std::move(policy));
}

MessageView remove_policy(Call& call) {
    const auto id = call.path<access::PolicyId>();
    access::remove_policy(call.tx, subject_of(call), id);
    note(call, call.actor().user_id, "policy.remove", "policy:" + id.text());
    return {"Policy removed successfully"};
}

}  // namespace

void mount_policies(Api& api) {
    api.section("Permissions & Policies");
    api.post("/policies", create_policy)
        .named("policy_create")
        .summary("Allow or deny an action under conditions")
        .needs("policy.create")
        .idempotent()
        .created();
    api.get("/policies", list_policies)
        .named("policy_list")
        .summary("The tenant's policies, the oldest first")
        .needs("policy.read");
    api.get("/policies/{id}", show_policy)
        .named("policy_show")
        .summary("One policy with its conditions")
        .needs("policy.read")
        .addition();
    api.put("/policies/{id}", change_policy)
        .named("policy_update")
        .summary("Change a policy; what is left out stays as it is")
        .needs("policy.update")
        .addition();
    api.remove("/policies/{id}", remove_policy)
        .named("policy_remove")
        .summary("Remove a policy; its versions are kept")
        .needs("policy.update")
        .addition();
}

}  // namespace pamoja::faces::upflame
