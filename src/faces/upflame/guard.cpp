#include "faces/upflame/guard.hpp"

#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {

void PermissionGuard::require_allowed(Tx& tx, const identity::Principal& principal,
                                      std::string_view permission) const {
    access::require_permission(tx, subject_of(tx.tenant(), principal), permission);
}

access::Subject subject_of(const TenantId& tenant, const identity::Principal& principal) {
    access::Subject subject;
    subject.id = principal.user_id;
    subject.roles = principal.roles;
    subject.attributes = {{"id", json::Value(principal.user_id.text())},
                          {"tenant_id", json::Value(tenant.text())}};
    return subject;
}

void guard(Call& call, std::string_view resource, std::string_view action, json::Object attributes) {
    access::Question question;
    question.resource = resource;
    question.action = action;
    question.attributes = json::Value(std::move(attributes));
    if (const auto tenant = identity::tenant_named(call.tx, call.tx.tenant()))
        question.time_zone = tenant->time_zone;
    access::require_allowed(call.tx, subject_of(call), question);
}

bool may(const Call& call, std::string_view resource, std::string_view action) {
    return access::has_permission(call.tx, subject_of(call), resource, action);
}

}  // namespace pamoja::faces::upflame
