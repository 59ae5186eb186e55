#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::identity {

struct NewPerson;
struct PreparedPassword;

inline constexpr Reason tenant_suspended{FailureKind::forbidden, "tenant_suspended"};

enum class TenantStatus { active, suspended };
constexpr std::array<const char*, 2> names(TenantStatus) {
    return {"active", "suspended"};
}

// Whose people and things a row belongs to. Each face has at least one, which is named after it.
struct Tenant {
    TenantId id{};
    std::string face{};
    std::string name{};
    Currency currency{};
    std::string time_zone = "UTC";  // IANA
    json::Value settings{json::Object{}};
    TenantStatus status = TenantStatus::active;
    Timestamp created_at{};

    void describe(Fields&);
};

// These run in a transaction of any tenant, every_tenant() included.

// Adds a tenant. An empty id gets a new one. Throws conflict when the id is taken, validation_failed for a
// time zone that does not exist.
Tenant create_tenant(Tx&, Tenant);
// The same, unless there is a tenant of that id already: then that one is returned as it is stored.
Tenant ensure_tenant(Tx&, Tenant);

std::optional<Tenant> tenant_named(Tx&, const TenantId&);
// The face's first tenant. Throws not_found when it has none.
Tenant tenant_of(Tx&, std::string_view face);
std::vector<Tenant> tenants_of(Tx&, std::string_view face);
std::vector<Tenant> all_tenants(Tx&);
std::vector<Tenant> tenants_made_since(Tx&, Timestamp);
// In order of their making; `search` is part of the name in whatever case, empty for all.
Page<Tenant> tenants_page(Tx&, std::string_view face, std::string_view search, const PageRequest&);
// Takes effect at once: nobody signs in to a suspended tenant, and no token of its people holds. Throws
// not_found.
Tenant set_tenant_status(Tx&, const TenantId&, TenantStatus);

// In a transaction of the new tenant itself, whose id it takes: the tenant and its first person, who may all
// that `admin.roles` say. What there is already of that id is returned as it is stored, so that a request
// which comes again makes nothing twice.
Tenant create_tenant_with_admin(Tx&, Tenant, const NewPerson& admin, const PreparedPassword&);

// Throws tenant_suspended unless the transaction's tenant is active.
void require_tenant_is_active(Tx&);
bool is_tenant_active(Tx&);

}  // namespace pamoja::identity
