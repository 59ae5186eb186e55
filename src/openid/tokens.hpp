#pragma once
#include <optional>
#include <string>

#include "openid/grants.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

inline constexpr std::chrono::seconds id_token_lifetime{3600};

// A signed text that names the grant. It opens the platform's API when the grant is a person's and has the
// scope "api", userinfo when it is a person's, and nothing here when it is a client's own.
std::string sign_access_token(const Provider&, const TenantId&, const Grant&, Timestamp now);

struct AccessTokenFacts {
    Grant grant;
    crypto::Claims claims;
};
// The live grant of a token that holds now, with the token's own scopes; empty otherwise, whatever the
// reason. Reads only.
std::optional<AccessTokenFacts> read_access_token(const Provider&, Tx&, std::string_view text);

// RS256, about a person's grant. SLOW (a millisecond): outside of write transactions.
struct IdToken {
    const Grant& grant;
    const identity::Person& person;
    std::string_view access_token;  // bound by at_hash
    std::string_view nonce;         // empty: none
    Timestamp now;
};
std::string sign_id_token(const Provider&, const crypto::SigningKeys&, const TenantId&, const IdToken&);

// What an ID token of ours says that comes back as a hint, expired or not. Empty for any other text.
struct IdTokenHint {
    std::string subject;
    ClientId client_id;
    BrowserSessionId session_id;
};
std::optional<IdTokenHint> read_id_token_hint(const Provider&, const crypto::SigningKeys&, const TenantId&,
                                              std::string_view text);

// Tells a client's server that a browser's session is over (OpenID Connect Back-Channel Logout 2.4).
struct LogoutToken {
    ClientId client_id;
    std::string user_id;
    std::string session_id;  // "sid"
    Timestamp now;
};
std::string sign_logout_token(const Provider&, const crypto::SigningKeys&, const TenantId&,
                              const LogoutToken&);

}  // namespace pamoja::openid
