#pragma once
#include "access/decision.hpp"
#include "faces/shared/call.hpp"
#include "faces/shared/tenancy.hpp"

namespace pamoja::faces::upflame {

// The platform's own people, who look after all tenants. It is granted by the installation only: no role of a
// tenant has this name, and nothing that a tenant can grant stands for it.
inline constexpr std::string_view platform_admin = "platform_admin";

// Routes that need a permission ask the caller's roles.
class PermissionGuard : public Guard {
  public:
    void require_allowed(Tx&, const identity::Principal&, std::string_view permission) const override;
};

// The caller as conditions see them: user.id, user.role(s), user.tenant_id.
access::Subject subject_of(const TenantId&, const identity::Principal&);
inline access::Subject subject_of(const Call& call) {
    return subject_of(call.tx.tenant(), call.actor());
}

// Guards an operation on a thing by permissions and policies; the decision is noted. `attributes` are the
// roots that conditions may read besides user: {{"booking", …}}. Throws forbidden.
void guard(Call&, std::string_view resource, std::string_view action, json::Object attributes);

// Whether a role of the caller's covers it; policies have no say.
bool may(const Call&, std::string_view resource, std::string_view action);

}  // namespace pamoja::faces::upflame
