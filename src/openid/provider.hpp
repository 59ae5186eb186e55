#pragma once
#include <string>

#include "identity/second_step.hpp"
#include "identity/tokens.hpp"
#include "openid/signing_key_store.hpp"

namespace pamoja::openid {

struct ProviderConfig {
    std::string public_base_url{};        // "https://api.example.com", without a slash at its end
    std::string base_path = "/v1/oidc/";  // what stands before the tenant's id
    std::string api_face = "upflame";     // where access tokens with the scope "api" open something
    std::string refresh_face = "openid";  // whose key refresh tokens have, so that they open nothing else
};

// What the endpoints of the OpenID provider of every tenant work with. All of it is thread-safe.
struct Provider {
    Database& database;
    const crypto::Keyring& keyring;
    const identity::TokenIssuer& tokens;
    SigningKeyStore& keys;
    const identity::MfaBook& mfa;
    identity::SendCode send_code;  // of a second step, to the person's phone or mailbox
    Random& random;
    ProviderConfig config;

    std::string path_of(const TenantId& tenant) const { return config.base_path + tenant.text(); }
    std::string issuer_of(const TenantId& tenant) const { return config.public_base_url + path_of(tenant); }
    bool is_secure() const { return config.public_base_url.starts_with("https:"); }
};

}  // namespace pamoja::openid
