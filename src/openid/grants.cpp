#include "openid/grants.hpp"

#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

constexpr std::size_t code_bytes = 32;

struct Code {
    std::string digest;
    ClientId client_id;
    UserId user_id;
    BrowserSessionId browser_session_id;
    std::string redirect_uri;
    std::string code_challenge;
    std::string nonce;
    std::vector<std::string> scopes;
    std::vector<std::string> id_token_claims;
    std::vector<std::string> userinfo_claims;
    Timestamp authenticated_at;
    std::string methods;
    Timestamp expires_at;
    std::optional<GrantId> grant_id;  // what it gave, once it was used

    void describe(Fields& f) {
        f("digest", digest);
        f("client_id", client_id);
        f("user_id", user_id);
        f("browser_session_id", browser_session_id);
        f("redirect_uri", redirect_uri);
        f("code_challenge", code_challenge);
        f("nonce", nonce);
        f("scopes", scopes);
        f("id_token_claims", id_token_claims);
        f("userinfo_claims", userinfo_claims);
        f("authenticated_at", authenticated_at);
        f("methods", methods);
        f("expires_at", expires_at);
        f("grant_id", grant_id);
    }
};

std::string digest_of(std::string_view code) {
    return to_hex(crypto::sha256(code));
}

// RFC 7636 4.6. A verifier without a challenge is refused too: somebody removed the challenge on the way.
bool proves(std::string_view verifier, std::string_view challenge) {
    if (challenge.empty()) return verifier.empty();
    return crypto::constant_time_equal(crypto::to_base64url(crypto::sha256(verifier)), challenge);
}

std::optional<Grant> stored_grant(Tx& tx, const GrantId& id) {
    return tx.maybe<Grant>("FROM openid_grants WHERE tenant_id = :tenant AND id = $1", id);
}

Grant start_grant(Tx& tx, const Code& code, const identity::Session& session) {
    Grant grant{.id = GrantId(session.id.text()),
                .client_id = code.client_id,
                .user_id = code.user_id,
                .browser_session_id = code.browser_session_id,
                .scopes = code.scopes,
                .id_token_claims = code.id_token_claims,
                .userinfo_claims = code.userinfo_claims,
                .authenticated_at = code.authenticated_at,
                .methods = code.methods,
                .created_at = tx.now(),
                .expires_at = session.expires_at,
                .ended_at = std::nullopt};
    tx.insert("openid_grants", grant);
    tx.run("UPDATE openid_codes SET grant_id = $1 WHERE tenant_id = :tenant AND digest = $2", grant.id,
           code.digest);
    return grant;
}

}  // namespace

void Grant::describe(Fields& f) {
    f("id", id);
    f("client_id", client_id);
    f("user_id", user_id);
    f("browser_session_id", browser_session_id);
    f("scopes", scopes);
    f("id_token_claims", id_token_claims);
    f("userinfo_claims", userinfo_claims);
    f("authenticated_at", authenticated_at);
    f("methods", methods);
    f("created_at", created_at);
    f("expires_at", expires_at);
    f("ended_at", ended_at);
}

std::string issue_code(Tx& tx, const Client& client, const AuthorizationRequest& request,
                       const BrowserSession& session) {
    auto code = crypto::to_base64url(tx.random().bytes(code_bytes));
    tx.insert("openid_codes", Code{.digest = digest_of(code),
                                   .client_id = client.id,
                                   .user_id = session.user_id,
                                   .browser_session_id = session.id,
                                   .redirect_uri = request.redirect_uri,
                                   .code_challenge = request.code_challenge,
                                   .nonce = request.nonce,
                                   .scopes = request.scopes,
                                   .id_token_claims = request.id_token_claims,
                                   .userinfo_claims = request.userinfo_claims,
                                   .authenticated_at = session.authenticated_at,
                                   .methods = session.methods,
                                   .expires_at = tx.now().plus(code_lifetime),
                                   .grant_id = std::nullopt});
    return code;
}

std::optional<NewGrant> use_code(Tx& tx, const Client& client, const CodeUse& use,
                                 const identity::Device& device, std::chrono::seconds refresh_lifetime) {
    const auto code =
        tx.maybe<Code>("FROM openid_codes WHERE tenant_id = :tenant AND digest = $1", digest_of(use.code));
    if (!code || code->client_id != client.id) return std::nullopt;
    if (code->grant_id) {
        if (const auto given = live_grant(tx, *code->grant_id)) end_grant(tx, *given);
        return std::nullopt;
    }
    const bool is_right = code->expires_at > tx.now() && code->redirect_uri == use.redirect_uri &&
                          proves(use.code_verifier, code->code_challenge);
    if (!is_right || identity::person_of(tx, code->user_id).status != identity::PersonStatus::active) {
        return std::nullopt;
    }
    identity::Device application = device;
    application.name = client.name;
    application.type = "oauth_client";
    const bool is_renewable = client.may(GrantType::refresh_token);
    auto session = identity::start_session(tx, code->user_id, application,
                                           is_renewable ? refresh_lifetime : access_token_lifetime);
    auto grant = start_grant(tx, *code, session);
    return NewGrant{std::move(grant), std::move(session), code->nonce};
}

Grant grant_to_client(Tx& tx, const Client& client, const std::vector<std::string>& scopes) {
    Grant grant{.id = tx.new_id<GrantId>(),
                .client_id = client.id,
                .user_id = std::nullopt,
                .browser_session_id = std::nullopt,
                .scopes = scopes,
                .id_token_claims = {},
                .userinfo_claims = {},
                .authenticated_at = std::nullopt,
                .methods = {},
                .created_at = tx.now(),
                .expires_at = tx.now().plus(access_token_lifetime),
                .ended_at = std::nullopt};
    tx.insert("openid_grants", grant);
    return grant;
}

std::optional<Grant> live_grant(Tx& tx, const GrantId& id) {
    auto grant = stored_grant(tx, id);
    if (!grant || grant->ended_at || !active_client(tx, grant->client_id)) return std::nullopt;
    // A person's grant lives as long as its session, whichever way that ends.
    const bool is_alive = grant->user_id
                              ? identity::live_session(tx, identity::SessionId(id.text())).has_value()
                              : grant->expires_at > tx.now();
    if (!is_alive) return std::nullopt;
    return grant;
}

void prolong_grant(Tx& tx, Grant& grant, Timestamp expires_at) {
    if (grant.expires_at == expires_at) return;
    grant.expires_at = expires_at;
    tx.run("UPDATE openid_grants SET expires_at = $1 WHERE tenant_id = :tenant AND id = $2", expires_at,
           grant.id);
}

void end_grant(Tx& tx, const Grant& grant) {
    tx.run("UPDATE openid_grants SET ended_at = COALESCE(ended_at, $1) WHERE tenant_id = :tenant AND id = $2",
           tx.now(), grant.id);
    if (grant.user_id) identity::end_session(tx, *grant.user_id, identity::SessionId(grant.id.text()));
}

std::vector<Grant> grants_of(Tx& tx, const BrowserSessionId& browser) {
    // One sign-in leads to as many grants as there are applications; a thousand is no ordinary day.
    auto all = tx.all<Grant>(
        "FROM openid_grants WHERE tenant_id = :tenant AND browser_session_id = $1 AND ended_at IS NULL "
        "AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 1000",
        browser, tx.now());
    return all;
}

std::int64_t forget_grants(Tx& tx, Timestamp before, std::int64_t rows_max) {
    const auto codes = tx.run(
        "DELETE FROM openid_codes WHERE tenant_id = :tenant AND digest IN (SELECT digest FROM openid_codes "
        "WHERE tenant_id = :tenant AND expires_at < $1 ORDER BY expires_at, digest LIMIT $2)",
        before, rows_max);
    return codes + tx.run(
                       "DELETE FROM openid_grants WHERE tenant_id = :tenant AND id IN (SELECT id FROM "
                       "openid_grants WHERE tenant_id = :tenant AND expires_at < $1 ORDER BY expires_at, id "
                       "LIMIT $2)",
                       before, rows_max);
}

}  // namespace pamoja::openid
