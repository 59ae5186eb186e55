#pragma once
#include "faces/upflame/services.hpp"
#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {

// Throws forbidden for callers of other tenants: they may name their own roles as they like.
void require_platform(const UpflameServices&, const TenantId& caller);

// The tenant that the path names, for the platform's administrators, and for its own people with the
// permission "tenant.ACTION". Throws not_found for everybody else.
identity::Tenant tenant_in_path(const Call&, std::string_view action);

}  // namespace pamoja::faces::upflame
