#include "faces/upflame/tenancy.hpp"

#include "identity/domains.hpp"
#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {

TenantId UpflameTenancy::tenant_of(Tx& tx, const http::Request& request) const {
    const auto named = request.header(header());
    if (named.empty()) return identity::tenant_of_host(tx, request.header("Host")).value_or(home_);
    const auto tenant = identity::tenant_named(tx, TenantId(std::string(named)));
    require(tenant && tenant->face == "upflame", not_found, "There is no such tenant.");
    return tenant->id;
}

}  // namespace pamoja::faces::upflame
