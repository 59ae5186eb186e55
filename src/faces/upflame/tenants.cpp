#include "identity/tenants.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/platform.hpp"
#include "faces/upflame/seeds.hpp"
#include "faces/upflame/views.hpp"
#include "identity/domains.hpp"
#include "identity/passwords.hpp"

namespace pamoja::faces::upflame {
namespace {

using identity::Tenant;
using identity::TenantDomain;

struct NewTenantRequest {
    std::string name;
    std::string domain;
    std::string admin_email;
    std::string admin_password;

    void describe(Fields& f) {
        f("name", name).length(1, 200);
        f("domain", domain).length(1, 253);
        f("admin_email", admin_email).email();
        f("admin_password", admin_password).length(1, 1000).secret();
    }
};

struct DomainView {
    TenantDomain domain;
    bool is_verified = false;

    explicit DomainView(const TenantDomain& shown) : domain(shown), is_verified(shown.is_verified()) {}
    DomainView() = default;

    void describe(Fields& f) {
        f("domain", domain.domain);
        f("is_primary", domain.is_primary);
        f("is_verified", is_verified);
    }
};

struct TenantView {
    Tenant tenant;
    std::optional<std::string> domain;  // the primary one

    void describe(Fields& f) {
        f("id", tenant.id);
        f("name", tenant.name);
        f("domain", domain);
        f("status", tenant.status);
        f("created_at", tenant.created_at);
    }
};

struct TenantDetailView {
    TenantView tenant;
    std::vector<DomainView> domains;

    void describe(Fields& f) {
        f.include(tenant);
        f("domains", domains);
    }
};

TenantView view_of(Tx& tx, const Tenant& tenant) {
    const auto domains = identity::domains_of(tx, tenant.id);
    TenantView view{tenant, std::nullopt};
    if (!domains.empty()) view.domain = domains.front().domain;
    return view;
}

TenantDetailView detail_of(Tx& tx, const Tenant& tenant) {
    TenantDetailView view{view_of(tx, tenant), {}};
    for (const auto& domain : identity::domains_of(tx, tenant.id)) view.domains.emplace_back(domain);
    return view;
}

// The request's own id where it has one: when it comes again after a crash, it finds what it made.
TenantId id_for(const Outside& outside) {
    if (outside.idempotency_key.empty())
        return TenantId(make_uuid(outside.services.clock.now(), outside.services.random));
    return TenantId("t-" + to_hex(crypto::sha256("tenant " + outside.idempotency_key)).substr(0, 32));
}

// The tenant is made in a transaction of its own, which its rows want; everything of it or nothing.
TenantId make_tenant(Outside& outside, const NewTenantRequest& request) {
    require_platform(services_of(outside), outside.tenant());
    const auto domain = identity::require_domain(request.domain);
    const auto email = identity::normalize_email(request.admin_email);
    const auto password = identity::prepare_password(request.admin_password,
                                                     {email, email.substr(0, email.find('@')), request.name},
                                                     outside.services.random, "admin_password");
    const TenantId id = id_for(outside);
    outside.services.database.write(id, [&](Tx& tx) {
        const Tenant home = *identity::tenant_named(tx, services_of(outside).home_tenant);
        identity::create_tenant_with_admin(
            tx,
            {.face = home.face, .name = request.name, .currency = home.currency, .time_zone = home.time_zone},
            {.email = request.admin_email, .roles = {"Admin"}}, password);
        identity::claim_domain(tx, id, domain, true);
        seed_tenant(tx);
    });
    return id;
}

TenantView create_tenant(Call& call, const NewTenantRequest&, const TenantId& id) {
    note(call, call.actor().user_id, "tenant.create", "tenant:" + id.text());
    return view_of(call.tx, *identity::tenant_named(call.tx, id));
}

struct TenantQuery {
    std::string search;
    PageQuery page;

    void describe(Fields& f) {
        f.optional("search", search).length(0, 100);
        f.include(page);
    }
};

Listed<TenantView> list_tenants(Call& call, const TenantQuery& query) {
    require_platform(services_of(call), call.tx.tenant());
    const auto page = identity::tenants_page(call.tx, "upflame", query.search, query.page.request());
    Listed<TenantView> list{{}, page.request.page, page.request.per_page, page.total};
    for (const auto& tenant : page.items) list.items.push_back(view_of(call.tx, tenant));
    return list;
}

TenantDetailView show_tenant(Call& call) {
    return detail_of(call.tx, tenant_in_path(call, "read"));
}

TenantDetailView change_status(Call& call, identity::TenantStatus status, const char* action) {
    const auto& services = services_of(call);
    require_platform(services, call.tx.tenant());
    const auto tenant = tenant_in_path(call, "update");
    require(tenant.id != services.home_tenant, conflict,
            "The platform's own organization cannot be suspended.");
    const auto changed = identity::set_tenant_status(call.tx, tenant.id, status);
    note(call, call.actor().user_id, action, "tenant:" + tenant.id.text());
    return detail_of(call.tx, changed);
}

TenantDetailView suspend(Call& call) {
    return change_status(call, identity::TenantStatus::suspended, "tenant.suspend");
}

TenantDetailView resume(Call& call) {
    return change_status(call, identity::TenantStatus::active, "tenant.resume");
}

}  // namespace

void mount_tenants(Api& api) {
    api.section("Tenants");
    api.post("/tenants", make_tenant, create_tenant)
        .named("tenant_create")
        .summary("Add a tenant with its first administrator")
        .open_to({std::string(platform_admin)})
        .on(Pool::cpu)
        .idempotent()
        .created();
    api.get("/tenants", list_tenants)
        .named("tenant_list")
        .summary("The platform's tenants")
        .open_to({std::string(platform_admin)})
        .addition();
    api.get("/tenants/{id}", show_tenant).named("tenant_show").summary("One tenant with its domains");
    api.post("/tenants/{id}/suspend", suspend)
        .named("tenant_suspend")
        .summary("Nobody of the tenant signs in, and none of its tokens hold")
        .open_to({std::string(platform_admin)})
        .addition();
    api.post("/tenants/{id}/resume", resume)
        .named("tenant_resume")
        .summary("The tenant works again")
        .open_to({std::string(platform_admin)})
        .addition();
}

}  // namespace pamoja::faces::upflame
