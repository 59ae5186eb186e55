#pragma once
#include <optional>
#include <string>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::identity {

// A host whose requests belong to a tenant once it has proved that the domain is its own.
struct TenantDomain {
    TenantId owner;
    std::string domain;
    bool is_primary = false;  // of exactly one of a tenant's domains
    std::string token;        // what the proof says
    std::optional<Timestamp> verified_at;
    Timestamp created_at;

    bool is_verified() const { return verified_at.has_value(); }
    void describe(Fields&);
};

// In lower case, without a dot at its end. Throws validation_failed on `field` for what is no host name in
// ASCII with two labels or more: addresses, ports, wildcards and single names are none.
std::string require_domain(std::string_view text, std::string_view field = "domain");

// These run in a transaction of any tenant, every_tenant() included.

// The tenant claims the domain, or its claim is changed. The first is primary; a later one that is takes the
// place of the one that was. Throws not_found without such a tenant, conflict while another tenant has proved
// that the domain is its own, validation_failed when a tenant would be left without a primary one or claims
// more than a hundred.
TenantDomain claim_domain(Tx&, const TenantId&, std::string_view domain, bool is_primary);
// Throws not_found, conflict for the primary one while there are others.
void release_domain(Tx&, const TenantId&, std::string_view domain);

std::vector<TenantDomain> domains_of(Tx&, const TenantId&);             // the primary one first
TenantDomain domain_of(Tx&, const TenantId&, std::string_view domain);  // throws not_found

// The write half of a proof (domain_proof.hpp): the domain is the tenant's. Once only; the token is that
// which was looked for. Throws conflict when another tenant was first, or the claim changed in between.
TenantDomain mark_verified(Tx&, const TenantId&, std::string_view domain, std::string_view token);

// Whose requests come to this host ("acme.example.com:443"); empty for one that nobody has verified and for
// one of a suspended tenant.
std::optional<TenantId> tenant_of_host(Tx&, std::string_view host);

}  // namespace pamoja::identity
