#include "identity/tenants.hpp"

#include "identity/internal/like_pattern.hpp"
#include "identity/passwords.hpp"

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
               "INSERT INTO tenants (id, face, name, currency, time_zone, settings, created_at, "
               "status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
               tenant.id, tenant.face, tenant.name, tenant.currency, tenant.time_zone, tenant.settings,
               tenant.created_at, tenant.status) == 1;
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
    f("status", status);
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

std::vector<Tenant> tenants_made_since(Tx& tx, Timestamp since) {
    return tx.all<Tenant>("FROM tenants WHERE created_at >= $1 ORDER BY created_at, id", since);
}

Page<Tenant> tenants_page(Tx& tx, std::string_view face, std::string_view search, const PageRequest& page) {
    return tx.page<Tenant>(page, "FROM tenants WHERE face = $1 AND LOWER(name) LIKE $2 ESCAPE '!'",
                           "created_at, id", face, like_containing(search));
}

Tenant set_tenant_status(Tx& tx, const TenantId& id, TenantStatus status) {
    const auto changed = tx.run("UPDATE tenants SET status = $1 WHERE id = $2", status, id);
    require(changed == 1, not_found, "There is no such tenant.");
    return *tenant_named(tx, id);
}

Tenant create_tenant_with_admin(Tx& tx, Tenant wanted, const NewPerson& admin,
                                const PreparedPassword& password) {
    wanted.id = tx.tenant();
    Tenant tenant = completed(tx, std::move(wanted));
    if (!insert_unless_there(tx, tenant)) return *tenant_named(tx, tenant.id);
    set_password(tx, register_person(tx, admin).id, password);
    return tenant;
}

bool is_tenant_active(Tx& tx) {
    const auto status = tx.value<std::string>("SELECT status FROM tenants WHERE id = $1", tx.tenant());
    return status == name_of(TenantStatus::active);
}

void require_tenant_is_active(Tx& tx) {
    require(is_tenant_active(tx), tenant_suspended, "This organization is suspended.");
}

}  // namespace pamoja::identity
