#include "identity/domains.hpp"

#include "identity/tenants.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t domains_max = 100;
constexpr std::size_t domain_length_max = 253;
constexpr std::size_t label_length_max = 63;
constexpr std::size_t token_bytes = 20;

std::string normalized_host(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    std::string host(text);
    for (char& c : host) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return host;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > label_length_max) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::ranges::all_of(
        label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_domain(std::string_view host) {
    if (host.size() > domain_length_max || host.find('.') == std::string_view::npos) return false;
    const std::string_view top = host.substr(host.rfind('.') + 1);
    // No top-level domain begins with a digit, and every numeric address ends in such a label.
    if (top.empty() || (top.front() >= '0' && top.front() <= '9')) return false;
    for (;;) {
        const auto dot = host.find('.');
        if (!is_label(host.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        host.remove_prefix(dot + 1);
    }
}

std::optional<TenantDomain> claim_of(Tx& tx, const TenantId& tenant, const std::string& domain) {
    return tx.maybe<TenantDomain>("FROM tenant_domains WHERE owner = $1 AND domain = $2", tenant, domain);
}

void require_not_of_others(Tx& tx, const TenantId& tenant, const std::string& domain) {
    const auto other = tx.value<std::string>(
        "SELECT owner FROM tenant_domains WHERE domain = $1 AND verified_at IS NOT NULL AND owner <> $2",
        domain, tenant);
    require(!other, conflict, "Another organization has verified this domain.");
}

TenantDomain add_claim(Tx& tx, const TenantId& tenant, const std::string& domain, bool is_primary) {
    const TenantDomain claim{.owner = tenant,
                             .domain = domain,
                             .is_primary = is_primary,
                             .token = tx.random().hex(token_bytes),
                             .verified_at = std::nullopt,
                             .created_at = tx.now()};
    tx.run(
        "INSERT INTO tenant_domains (owner, domain, is_primary, token, verified_at, created_at) VALUES ($1, "
        "$2, "
        "$3, $4, NULL, $5)",
        claim.owner, claim.domain, claim.is_primary, claim.token, claim.created_at);
    return claim;
}

}  // namespace

void TenantDomain::describe(Fields& f) {
    f("owner", owner);
    f("domain", domain);
    f("is_primary", is_primary);
    f("token", token);
    f("verified_at", verified_at);
    f("created_at", created_at);
}

std::string require_domain(std::string_view text, std::string_view field) {
    std::string host = normalized_host(text);
    require_field(is_domain(host), field, "invalid",
                  "Enter a domain name like \"acme.example.com\"; others than ASCII in their xn-- form.");
    return host;
}

TenantDomain claim_domain(Tx& tx, const TenantId& tenant, std::string_view text, bool is_primary) {
    const std::string domain = require_domain(text);
    require(tenant_named(tx, tenant).has_value(), not_found, "There is no such tenant.");
    require_not_of_others(tx, tenant, domain);
    const auto domains = domains_of(tx, tenant);
    const auto existing = claim_of(tx, tenant, domain);
    require_field(existing || domains.size() < domains_max, "domain", "too_many",
                  "An organization has at most a hundred domains.");
    require_field(is_primary || !existing || !existing->is_primary, "is_primary", "invalid",
                  "Make another domain the primary one instead.");
    const bool becomes_primary = is_primary || domains.empty();
    if (becomes_primary) tx.run("UPDATE tenant_domains SET is_primary = $1 WHERE owner = $2", false, tenant);
    if (!existing) return add_claim(tx, tenant, domain, becomes_primary);
    tx.run("UPDATE tenant_domains SET is_primary = $1 WHERE owner = $2 AND domain = $3", becomes_primary,
           tenant, domain);
    return *claim_of(tx, tenant, domain);
}

void release_domain(Tx& tx, const TenantId& tenant, std::string_view text) {
    const TenantDomain claim = domain_of(tx, tenant, text);
    require(!claim.is_primary || domains_of(tx, tenant).size() == 1, conflict,
            "Make another domain the primary one first.");
    tx.run("DELETE FROM tenant_domains WHERE owner = $1 AND domain = $2", tenant, claim.domain);
}

std::vector<TenantDomain> domains_of(Tx& tx, const TenantId& tenant) {
    return tx.all<TenantDomain>(
        "FROM tenant_domains WHERE owner = $1 ORDER BY is_primary DESC, created_at, domain", tenant);
}

TenantDomain domain_of(Tx& tx, const TenantId& tenant, std::string_view text) {
    auto claim = claim_of(tx, tenant, normalized_host(text));
    require(claim.has_value(), not_found, "The organization has no such domain.");
    return std::move(*claim);
}

TenantDomain mark_verified(Tx& tx, const TenantId& tenant, std::string_view text, std::string_view token) {
    const TenantDomain claim = domain_of(tx, tenant, text);
    require(claim.token == token, conflict, "The claim was made anew in the meantime.");
    if (claim.is_verified()) return claim;
    require_not_of_others(tx, tenant, claim.domain);
    tx.run("UPDATE tenant_domains SET verified_at = $1 WHERE owner = $2 AND domain = $3", tx.now(), tenant,
           claim.domain);
    return domain_of(tx, tenant, claim.domain);
}

std::optional<TenantId> tenant_of_host(Tx& tx, std::string_view host) {
    const std::string domain = normalized_host(host.substr(0, host.find(':')));
    if (!is_domain(domain)) return std::nullopt;
    return tx.value<TenantId>(
        "SELECT tenant_domains.owner FROM tenant_domains JOIN tenants ON tenants.id = tenant_domains.owner "
        "WHERE "
        "tenant_domains.domain = $1 AND tenant_domains.verified_at IS NOT NULL AND tenants.status = 'active'",
        domain);
}

}  // namespace pamoja::identity
