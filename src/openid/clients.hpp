#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crypto/keyring.hpp"
#include "db/tx.hpp"

namespace pamoja::openid {

using ClientId = Id<struct OpenidClientTag>;

// Whether an application can keep a secret: a server can, a page or an app on a phone cannot.
enum class ClientType { confidential, open };
constexpr std::array<const char*, 2> names(ClientType) {
    return {"confidential", "public"};
}

// How it says at the token endpoint who it is. The secret is taken in either of the two ways.
enum class ClientAuthentication { client_secret_basic, client_secret_post, none };
constexpr std::array<const char*, 3> names(ClientAuthentication) {
    return {"client_secret_basic", "client_secret_post", "none"};
}

enum class GrantType { authorization_code, refresh_token, client_credentials };
constexpr std::array<const char*, 3> names(GrantType) {
    return {"authorization_code", "refresh_token", "client_credentials"};
}

// What a tenant's administrator says of an application.
struct NewClient {
    ClientId id{};  // empty: a new one
    std::string name{};
    ClientType type = ClientType::confidential;
    std::optional<ClientAuthentication> authentication{};  // usual for the type where it is absent
    std::vector<std::string> redirect_uris{};
    std::vector<std::string> post_logout_redirect_uris{};
    std::optional<std::string> backchannel_logout_uri{};
    std::vector<GrantType> grant_types{GrantType::authorization_code, GrantType::refresh_token};
    std::vector<std::string> scopes{};  // empty: openid, profile, email, address, phone, offline_access
    bool skips_consent = false;         // the tenant's own application: nobody is asked
};

// An application that may sign in people of its tenant.
struct Client {
    ClientId id;
    std::string name;
    ClientType type = ClientType::confidential;
    ClientAuthentication authentication = ClientAuthentication::client_secret_basic;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> post_logout_redirect_uris;
    std::optional<std::string> backchannel_logout_uri;
    std::vector<GrantType> grant_types;
    std::vector<std::string> scopes;
    bool skips_consent = false;
    Timestamp created_at;
    std::optional<Timestamp> secret_changed_at;
    std::optional<Timestamp> disabled_at;

    bool may(GrantType) const;
    bool has_scope(std::string_view) const;
    bool has_redirect_uri(std::string_view) const;  // exactly that text
    bool has_post_logout_redirect_uri(std::string_view) const;
    void describe(Fields&);
};

// The secret is told this once; the database keeps a keyed digest. Empty for a public client.
struct IssuedClient {
    Client client;
    std::string secret;
};

// Throws validation_failed that names the field (as Client describes it); conflict for an id that is taken.
IssuedClient create_client(Tx&, const crypto::Keyring&, const NewClient&, const UserId& by);
// The same with a secret that is known beforehand, unless there is such a client: for demonstration data.
void ensure_client(Tx&, const crypto::Keyring&, const NewClient&, std::string_view secret);
// A new secret; the one before works for `overlap` more, at most seven days, so that servers can be changed
// one by one. Throws not_found, and conflict for a public client.
IssuedClient rotate_client_secret(Tx&, const crypto::Keyring&, const ClientId&, std::chrono::seconds overlap,
                                  const UserId& by);
// At once: it can get no token any more, and what it has is refused. Throws not_found.
void disable_client(Tx&, const ClientId&, const UserId& by);

Client client_of(Tx&, const ClientId&);            // disabled ones too; throws not_found
Page<Client> clients_of(Tx&, const PageRequest&);  // newest first, disabled ones too
std::optional<Client> active_client(Tx&, const ClientId&);

// The client that has this secret. Throws invalid_client for a wrong or disabled one, without saying which.
Client authenticate_client(Tx&, const crypto::Keyring&, std::string_view client_id, std::string_view secret);

}  // namespace pamoja::openid
