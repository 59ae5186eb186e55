#include "faces/upflame/platform.hpp"

#include "faces/upflame/guard.hpp"

namespace pamoja::faces::upflame {

void require_platform(const UpflameServices& services, const TenantId& caller) {
    require(caller == services.home_tenant, forbidden, "You do not have permission to do this.");
}

identity::Tenant tenant_in_path(const Call& call, std::string_view action) {
    const auto id = call.path<TenantId>();
    const bool is_platform =
        call.tx.tenant() == services_of(call).home_tenant && call.actor().has_role(platform_admin);
    const bool is_own = id == call.tx.tenant() && may(call, "tenant", action);
    const auto tenant = identity::tenant_named(call.tx, id);
    require((is_platform || is_own) && tenant && tenant->face == "upflame", not_found,
            "There is no such tenant.");
    return *tenant;
}

}  // namespace pamoja::faces::upflame
