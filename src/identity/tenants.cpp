#include "identity/tenants.hpp"

namespace pamoja::identity {
namespace {

void require_time_zone(Timestamp now, const std::string& zone) {
    bool is_known = true;
    try {
        local_date(now, zone);
    } catch (const std::runtime_error&) {
        is_known = false;
    }
    require_field(is_known, "time_zone", "invalid", "There is no such time zone.");
}

bool insert_unless_there(Tx& tx, const Tenant& tenant) {
    return tx.run(
               "INSERT INTO tenants (id, face, name, currency, time_zone, settings, created_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
               tenant.id, tenant.face, tenant.name, tenant.currency, tenant.time_zone, tenant.settings,
               tenant.created_at) == 1;
}

Tenant completed(Tx& tx, Tenant tenant) {
    require_time_zone(tx.now(), tenant.time_zone);
    if (tenant.id.empty()) tenant.id = tx.new_id<TenantId>();
    tenant.created_at = tx.now();
    return tenant;
}

}  // namespace

void Tenant::describe(Fields& f) {
    f("id", id);
    f("face", face);
    f("name", name);
    f("currency", currency);
    f("time_zone", time_zone);
    f("settings", settings);
    f("created_at", created_at);
}

Tenant create_tenant(Tx& tx, Tenant wanted) {
    Tenant tenant = completed(tx, std::move(wanted));
    require(insert_unless_there(tx, tenant), conflict, "There is a tenant with this id already.");
    return tenant;
}

Tenant ensure_tenant(Tx& tx, Tenant wanted) {
    Tenant tenant = completed(tx, std::move(wanted));
    if (insert_unless_there(tx, tenant)) return tenant;
    return *tenant_named(tx, tenant.id);
}

std::optional<Tenant> tenant_named(Tx& tx, const TenantId& id) {
    return tx.maybe<Tenant>("FROM tenants WHERE id = $1", id);
}

Tenant tenant_of(Tx& tx, std::string_view face) {
    auto tenant = tx.maybe<Tenant>("FROM tenants WHERE face = $1 ORDER BY created_at, id", face);
    require(tenant.has_value(), not_found, "There is no such tenant.");
    return std::move(*tenant);
}

std::vector<Tenant> tenants_of(Tx& tx, std::string_view face) {
    return tx.all<Tenant>("FROM tenants WHERE face = $1 ORDER BY created_at, id", face);
}

std::vector<Tenant> all_tenants(Tx& tx) {
    return tx.all<Tenant>("FROM tenants ORDER BY created_at, id");
}

}  // namespace pamoja::identity
