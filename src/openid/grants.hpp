#pragma once
#include <optional>
#include <string>
#include <vector>

#include "identity/refreshing.hpp"
#include "openid/authorization.hpp"

namespace pamoja::openid {

using GrantId = Id<struct GrantTag>;

inline constexpr std::chrono::seconds access_token_lifetime{900};
inline constexpr std::chrono::seconds code_lifetime{60};

// What a client may do: for a person, by a session of identity with the grant's id; or for itself.
struct Grant {
    GrantId id;
    ClientId client_id;
    std::optional<UserId> user_id;  // empty: the client itself
    std::optional<BrowserSessionId> browser_session_id;
    std::vector<std::string> scopes;
    std::vector<std::string> id_token_claims;
    std::vector<std::string> userinfo_claims;
    std::optional<Timestamp> authenticated_at;
    std::string methods;
    Timestamp created_at;
    Timestamp expires_at;
    std::optional<Timestamp> ended_at;

    void describe(Fields&);
};

// An authorization code: 256 bits, of which the digest is kept; works once, within 60 seconds.
std::string issue_code(Tx&, const Client&, const AuthorizationRequest&, const BrowserSession&);

// What a client shows at the token endpoint.
struct CodeUse {
    std::string code;
    std::string redirect_uri;
    std::string code_verifier;
};
struct NewGrant {
    Grant grant;
    identity::Session session;
    std::string nonce;
};
// Starts the grant. Empty when the code is wrong, expired, another client's, or shown with another address or
// verifier; when it was used before, what it gave ends as well. Does not throw, so that this can be
// committed.
std::optional<NewGrant> use_code(Tx&, const Client&, const CodeUse&, const identity::Device&,
                                 std::chrono::seconds refresh_lifetime);

Grant grant_to_client(Tx&, const Client&, const std::vector<std::string>& scopes);

// While neither it, its session, nor its client has ended. Reads only.
std::optional<Grant> live_grant(Tx&, const GrantId&);
void prolong_grant(Tx&, Grant&, Timestamp expires_at);
// With its session.
void end_grant(Tx&, const Grant&);
// Those that came from this browser's sign-in and are still alive.
std::vector<Grant> grants_of(Tx&, const BrowserSessionId&);

// Deletes codes and grants that expired before that; at most `rows_max` of each. Returns how many.
std::int64_t forget_grants(Tx&, Timestamp before, std::int64_t rows_max = 1000);

}  // namespace pamoja::openid
