#include "openid/consents.hpp"

#include "audit/entries.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

struct Consent {
    std::vector<std::string> permissions;

    void describe(Fields& f) { f("permissions", permissions); }
};

}  // namespace

std::vector<std::string> consent_of(Tx& tx, const UserId& user, const ClientId& client) {
    auto found = tx.maybe<Consent>(
        "FROM openid_consents WHERE tenant_id = :tenant AND user_id = $1 AND client_id = $2", user, client);
    return found ? std::move(found->permissions) : std::vector<std::string>();
}

void add_consent(Tx& tx, const UserId& user, const ClientId& client,
                 const std::vector<std::string>& permissions) {
    auto all = consent_of(tx, user, client);
    for (const auto& permission : permissions) {
        if (!contains(all, permission)) all.push_back(permission);
    }
    tx.run(
        "INSERT INTO openid_consents (tenant_id, user_id, client_id, permissions, given_at) "
        "VALUES (:tenant, $1, $2, $3, $4) ON CONFLICT (tenant_id, user_id, client_id) DO UPDATE "
        "SET permissions = excluded.permissions, given_at = excluded.given_at",
        user, client, all, tx.now());
    audit::record(tx,
                  {.actor = user.text(),
                   .action = "oauth_consent.give",
                   .subject = "oauth_client:" + client.text(),
                   .details = json::Value(json::Object{{"permissions", json::Value(joined(permissions))}}),
                   .trace_id = {},
                   .ip_address = {}});
}

}  // namespace pamoja::openid
