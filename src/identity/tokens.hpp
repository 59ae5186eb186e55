#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "crypto/keyring.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/token.hpp"
#include "identity/sessions.hpp"

namespace pamoja::identity {

class VerifiedTokens;

// How one face signs its people in.
struct FaceTokens {
    std::string issuer{};
    std::chrono::seconds access_lifetime{86'400};
    std::chrono::seconds refresh_lifetime{std::chrono::hours(24 * 30)};  // of the session, from its last use
};

struct AccessToken {
    std::string text;
    std::int64_t expires_in = 0;  // seconds
};

// What a refresh token of ours says; made by TokenIssuer::read_refresh_token only.
struct RefreshToken {
    TenantId tenant;
    SessionId session_id;
    std::int64_t counter = 0;
};

// Makes and reads the two kinds of tokens. A token of one face is worth nothing in another: audience and
// issuer differ, and so do the keys of refresh tokens. Thread-safe; touches no database.
class TokenIssuer {
  public:
    // The face's name is its tokens' audience.
    TokenIssuer(crypto::SigningKeys, const crypto::Keyring&, std::map<std::string, FaceTokens, std::less<>>);
    ~TokenIssuer();

    const FaceTokens& face(std::string_view name) const;  // throws std::out_of_range for an unknown one
    const crypto::SigningKeys& keys() const { return keys_; }

    AccessToken issue_access_token(std::string_view face, const TenantId&, const Session&, Timestamp now,
                                   Random&) const;
    // The claims of a token that holds now for that face; empty otherwise, whatever the reason. Remembers
    // what it verified (bounded), so that a client's next request costs no signature. The session is for
    // authenticate() to look up, each time, in a transaction of the claims' tenant.
    std::optional<crypto::Claims> read_access_token(std::string_view face, std::string_view text,
                                                    Timestamp now) const;

    // The session's refresh token as it stands. No secret is stored: it is derived from the keyring.
    std::string refresh_token(std::string_view face, const TenantId&, const Session&) const;
    // Empty for what we did not make for that face. The tenant says whose transaction to open.
    std::optional<RefreshToken> read_refresh_token(std::string_view face, std::string_view text) const;

  private:
    std::string refresh_mac(std::string_view face, std::string_view session, std::string_view body) const;

    crypto::SigningKeys keys_;
    std::map<std::string, FaceTokens, std::less<>> faces_;
    std::map<std::string, std::string, std::less<>> refresh_roots_;
    std::unique_ptr<VerifiedTokens> verified_;
};

}  // namespace pamoja::identity
