#include "openid/clients.hpp"

#include <algorithm>

#include "audit/entries.hpp"
#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "openid/redirect_uris.hpp"
#include "openid/refusals.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t id_bytes = 12;
constexpr std::size_t name_length_max = 100;
constexpr std::size_t addresses_max = 20;
constexpr std::size_t scopes_max = 50;
constexpr std::chrono::hours overlap_max{24 * 7};

// A client as it is stored: with what its secrets are compared by.
struct StoredClient {
    Client client;
    std::string secret_digest;
    std::string previous_secret_digest;
    std::optional<Timestamp> previous_secret_until;

    void describe(Fields& f) {
        f.include(client);
        f("secret_digest", secret_digest);
        f("previous_secret_digest", previous_secret_digest);
        f("previous_secret_until", previous_secret_until);
    }
};

// Keyed, and bound to its client, because a secret of demonstration data could be guessed from a plain
// digest.
std::string digest_of(const Tx& tx, const crypto::Keyring& keyring, const ClientId& id,
                      std::string_view secret) {
    const std::string subject = tx.tenant().text() + "\n" + id.text() + "\n" + std::string(secret);
    return to_hex(crypto::hmac_sha256(keyring.derive("openid client secrets"), subject));
}

void check_addresses(const std::vector<std::string>& addresses, std::string_view field) {
    require_field(addresses.size() <= addresses_max, field, "too_many", "At most 20 addresses are possible.");
    for (const auto& address : addresses) {
        require_field(
            is_redirect_uri(address), field, "invalid",
            "Use absolute addresses with https, http on localhost, or a scheme such as com.example.app.");
    }
}

void check_new_client(const NewClient& wanted) {
    const bool is_open = wanted.type == ClientType::open;
    const auto wants = [&](GrantType type) {
        return std::ranges::find(wanted.grant_types, type) != wanted.grant_types.end();
    };
    require_field(!wanted.name.empty() && wanted.name.size() <= name_length_max, "name", "invalid",
                  "Give the application a name of at most 100 characters.");
    require_field(!wanted.authentication || (*wanted.authentication == ClientAuthentication::none) == is_open,
                  "token_endpoint_auth_method", "invalid",
                  "A public client uses none, a confidential one its secret.");
    require_field(!wanted.grant_types.empty(), "grant_types", "required", "Name at least one grant type.");
    require_field(!is_open || !wants(GrantType::client_credentials), "grant_types", "invalid",
                  "A public client has no credentials of its own.");
    require_field(!wants(GrantType::refresh_token) || wants(GrantType::authorization_code), "grant_types",
                  "invalid", "Refresh tokens come with authorization codes.");
    require_field(!wants(GrantType::authorization_code) || !wanted.redirect_uris.empty(), "redirect_uris",
                  "required", "Name at least one address to which people return.");
    check_addresses(wanted.redirect_uris, "redirect_uris");
    check_addresses(wanted.post_logout_redirect_uris, "post_logout_redirect_uris");
    require_field(!wanted.backchannel_logout_uri || (wanted.backchannel_logout_uri->starts_with("http") &&
                                                     is_redirect_uri(*wanted.backchannel_logout_uri)),
                  "backchannel_logout_uri", "invalid", "Use an absolute address with https.");
    require_field(wanted.scopes.size() <= scopes_max && std::ranges::all_of(wanted.scopes, is_scope),
                  "scopes", "invalid", "Scopes are words without blanks.");
}

Client completed(Tx& tx, const NewClient& wanted) {
    const auto usual = wanted.type == ClientType::open ? ClientAuthentication::none
                                                       : ClientAuthentication::client_secret_basic;
    Client client{.id = wanted.id,
                  .name = wanted.name,
                  .type = wanted.type,
                  .authentication = wanted.authentication.value_or(usual),
                  .redirect_uris = wanted.redirect_uris,
                  .post_logout_redirect_uris = wanted.post_logout_redirect_uris,
                  .backchannel_logout_uri = wanted.backchannel_logout_uri,
                  .grant_types = wanted.grant_types,
                  .scopes = wanted.scopes,
                  .skips_consent = wanted.skips_consent,
                  .created_at = tx.now(),
                  .secret_changed_at = std::nullopt,
                  .disabled_at = std::nullopt};
    if (client.id.empty()) client.id = ClientId(tx.random().hex(id_bytes));
    if (client.scopes.empty()) client.scopes.assign(usual_scopes.begin(), usual_scopes.end());
    return client;
}

StoredClient stored(Tx& tx, const crypto::Keyring& keyring, Client client, std::string_view secret) {
    StoredClient row{std::move(client), {}, {}, std::nullopt};
    if (row.client.type == ClientType::open) return row;
    row.client.secret_changed_at = tx.now();
    row.secret_digest = digest_of(tx, keyring, row.client.id, secret);
    return row;
}

std::string new_secret(Tx& tx) {
    return crypto::to_base64url(tx.random().bytes(secret_bytes));
}

void note(Tx& tx, const UserId& by, const char* action, const ClientId& id) {
    audit::record(tx, {.actor = by.empty() ? "system" : by.text(),
                       .action = action,
                       .subject = "oauth_client:" + id.text(),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = {}});
}

}  // namespace

bool Client::may(GrantType grant) const {
    return std::ranges::find(grant_types, grant) != grant_types.end();
}
bool Client::has_scope(std::string_view scope) const {
    return contains(scopes, scope);
}
bool Client::has_redirect_uri(std::string_view uri) const {
    return contains(redirect_uris, uri);
}
bool Client::has_post_logout_redirect_uri(std::string_view uri) const {
    return contains(post_logout_redirect_uris, uri);
}

void Client::describe(Fields& f) {
    f("client_id", id);
    f("name", name);
    f("type", type);
    f("token_endpoint_auth_method", authentication);
    f("redirect_uris", redirect_uris);
    f("post_logout_redirect_uris", post_logout_redirect_uris);
    f("backchannel_logout_uri", backchannel_logout_uri);
    f("grant_types", grant_types);
    f("scopes", scopes);
    f("skips_consent", skips_consent);
    f("created_at", created_at);
    f("secret_changed_at", secret_changed_at);
    f("disabled_at", disabled_at);
}

IssuedClient create_client(Tx& tx, const crypto::Keyring& keyring, const NewClient& wanted,
                           const UserId& by) {
    check_new_client(wanted);
    const auto secret = wanted.type == ClientType::open ? std::string() : new_secret(tx);
    const auto row = stored(tx, keyring, completed(tx, wanted), secret);
    require(tx.insert_if_absent("openid_clients", row), conflict, "There is a client with this id already.");
    note(tx, by, "oauth_client.create", row.client.id);
    return {row.client, secret};
}

void ensure_client(Tx& tx, const crypto::Keyring& keyring, const NewClient& wanted, std::string_view secret) {
    check_new_client(wanted);
    const auto row = stored(tx, keyring, completed(tx, wanted), secret);
    if (tx.insert_if_absent("openid_clients", row)) note(tx, {}, "oauth_client.create", row.client.id);
}

IssuedClient rotate_client_secret(Tx& tx, const crypto::Keyring& keyring, const ClientId& id,
                                  std::chrono::seconds overlap, const UserId& by) {
    Client client = client_of(tx, id);
    require(client.type == ClientType::confidential, conflict, "A public client has no secret.");
    require_field(overlap.count() >= 0 && overlap <= overlap_max, "overlap_seconds", "out_of_range",
                  "The older secret may work for at most seven days more.");
    const auto secret = new_secret(tx);
    client.secret_changed_at = tx.now();
    tx.run(
        "UPDATE openid_clients SET previous_secret_digest = secret_digest, previous_secret_until = $1, "
        "secret_digest = $2, secret_changed_at = $3 WHERE tenant_id = :tenant AND client_id = $4",
        tx.now().plus(overlap), digest_of(tx, keyring, id, secret), client.secret_changed_at, id);
    note(tx, by, "oauth_client.rotate_secret", id);
    return {client, secret};
}

void disable_client(Tx& tx, const ClientId& id, const UserId& by) {
    const auto changed = tx.run(
        "UPDATE openid_clients SET disabled_at = COALESCE(disabled_at, $1) "
        "WHERE tenant_id = :tenant AND client_id = $2",
        tx.now(), id);
    require(changed == 1, not_found, "There is no such client.");
    note(tx, by, "oauth_client.disable", id);
}

Client client_of(Tx& tx, const ClientId& id) {
    auto client = tx.maybe<Client>("FROM openid_clients WHERE tenant_id = :tenant AND client_id = $1", id);
    require(client.has_value(), not_found, "There is no such client.");
    return std::move(*client);
}

Page<Client> clients_of(Tx& tx, const PageRequest& page) {
    return tx.page<Client>(page, "FROM openid_clients WHERE tenant_id = :tenant",
                           "created_at DESC, client_id DESC");
}

std::optional<Client> active_client(Tx& tx, const ClientId& id) {
    return tx.maybe<Client>(
        "FROM openid_clients WHERE tenant_id = :tenant AND client_id = $1 AND disabled_at IS NULL", id);
}

Client authenticate_client(Tx& tx, const crypto::Keyring& keyring, std::string_view client_id,
                           std::string_view secret) {
    const ClientId id{std::string(client_id)};
    const auto row = tx.maybe<StoredClient>(
        "FROM openid_clients WHERE tenant_id = :tenant AND client_id = $1 AND disabled_at IS NULL", id);
    const auto digest = digest_of(tx, keyring, id, secret);
    const bool is_current = row && crypto::constant_time_equal(row->secret_digest, digest);
    const bool is_previous = row && row->previous_secret_until && *row->previous_secret_until > tx.now() &&
                             crypto::constant_time_equal(row->previous_secret_digest, digest);
    require(is_current || is_previous, invalid_client, "The client or its secret is wrong.");
    return row->client;
}

}  // namespace pamoja::openid
