#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "http/query.hpp"
#include "openid/browser_sessions.hpp"
#include "openid/clients.hpp"

namespace pamoja::openid {

// An application's wish to sign somebody in, read from the parameters of the authorization endpoint.
struct AuthorizationRequest {
    std::string redirect_uri;
    std::optional<std::string> state;
    std::vector<std::string> scopes;  // those that the client may ask for; others are dropped
    std::string nonce;
    std::string code_challenge;  // S256; empty without PKCE
    bool is_silent = false;      // prompt=none
    bool wants_sign_in = false;  // prompt=login or select_account
    bool wants_consent = false;  // prompt=consent
    std::optional<std::chrono::seconds> max_age;
    std::string id_token_hint;
    std::string login_hint;
    std::vector<std::string> id_token_claims;  // asked for one by one in `claims`
    std::vector<std::string> userinfo_claims;
    std::string required_subject;  // the value that `claims` wants "sub" to have

    // What a person is asked to allow: scopes but openid, and single claims as "claim:email".
    std::vector<std::string> permissions() const;
};

// The client that asks, and where the answer goes. Throws unusable_request when either is missing, unknown or
// given twice, or the address is not one that the client registered: then nothing may be sent there.
struct Asker {
    Client client;
    std::string redirect_uri;
};
Asker asker_of(Tx&, const http::Query&);

// Throws an OAuth refusal that the client is told about at its address.
AuthorizationRequest read_authorization(const Client&, const http::Query&);

enum class Step { sign_in, ask_consent, issue_code };

// Where an authorization stands.
struct Progress {
    std::optional<BrowserSession> session;      // the browser's
    std::optional<Timestamp> signed_in_at;      // when the person signed in because of this request
    std::vector<std::string> allowed;           // what the person has allowed the client so far
    bool is_allowed_now = false;                // on the page that this request led to
    std::optional<std::string> hinted_subject;  // of the ID token that came as a hint
    Timestamp now;
};

// What has to happen next. Throws login_required or consent_required where a silent request would need a
// page, and login_required when somebody else signed in than the client asked for.
Step next_step(const Client&, const AuthorizationRequest&, const Progress&);

}  // namespace pamoja::openid
