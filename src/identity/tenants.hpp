#pragma once
#include <optional>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::identity {

// Whose people and things a row belongs to. Each face has at least one, which is named after it.
struct Tenant {
    TenantId id{};
    std::string face{};
    std::string name{};
    Currency currency{};
    std::string time_zone = "UTC";  // IANA
    json::Value settings{json::Object{}};
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

}  // namespace pamoja::identity
