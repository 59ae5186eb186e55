#include "openid/browser_sessions.hpp"

#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"

namespace pamoja::openid {
namespace {

constexpr std::size_t secret_bytes = 32;

void end_session_of_identity(Tx& tx, const BrowserSession& session) {
    if (identity::live_session(tx, session.session_id)) {
        identity::end_session(tx, session.user_id, session.session_id);
    }
}

void save(Tx& tx, const BrowserSession& session, const std::string& digest) {
    tx.run(
        "INSERT INTO openid_browser_sessions (tenant_id, id, user_id, session_id, secret_digest, "
        "authenticated_at, methods, expires_at) VALUES (:tenant, $1, $2, $3, $4, $5, $6, $7) "
        "ON CONFLICT (tenant_id, id) DO UPDATE SET session_id = excluded.session_id, "
        "secret_digest = excluded.secret_digest, authenticated_at = excluded.authenticated_at, "
        "methods = excluded.methods, expires_at = excluded.expires_at",
        session.id, session.user_id, session.session_id, digest, session.authenticated_at, session.methods,
        session.expires_at);
}

}  // namespace

void BrowserSession::describe(Fields& f) {
    f("id", id);
    f("user_id", user_id);
    f("session_id", session_id);
    f("authenticated_at", authenticated_at);
    f("methods", methods);
    f("expires_at", expires_at);
}

std::optional<BrowserSession> browser_session_of(Tx& tx, std::string_view secret) {
    if (secret.empty()) return std::nullopt;
    auto found = tx.maybe<BrowserSession>(
        "FROM openid_browser_sessions WHERE tenant_id = :tenant AND secret_digest = $1 AND expires_at > $2",
        to_hex(crypto::sha256(secret)), tx.now());
    if (found && !identity::live_session(tx, found->session_id)) return std::nullopt;
    return found;
}

NewBrowserSession open_browser_session(Tx& tx, const identity::Session& session, std::string_view methods,
                                       const std::optional<BrowserSession>& before) {
    const bool is_same_person = before && before->user_id == session.user_id;
    BrowserSession opened{.id = is_same_person ? before->id : tx.new_id<BrowserSessionId>(),
                          .user_id = session.user_id,
                          .session_id = session.id,
                          .authenticated_at = tx.now(),
                          .methods = std::string(methods),
                          .expires_at = session.expires_at};
    if (is_same_person) end_session_of_identity(tx, *before);
    if (before && !is_same_person) end_browser_session(tx, *before);
    auto secret = crypto::to_base64url(tx.random().bytes(secret_bytes));
    save(tx, opened, to_hex(crypto::sha256(secret)));
    return {std::move(opened), std::move(secret)};
}

void end_browser_session(Tx& tx, const BrowserSession& session) {
    end_session_of_identity(tx, session);
    tx.run("DELETE FROM openid_browser_sessions WHERE tenant_id = :tenant AND id = $1", session.id);
}

std::int64_t forget_browser_sessions(Tx& tx, Timestamp before, std::int64_t rows_max) {
    return tx.run(
        "DELETE FROM openid_browser_sessions WHERE tenant_id = :tenant AND id IN ("
        "SELECT id FROM openid_browser_sessions WHERE tenant_id = :tenant AND expires_at < $1 "
        "ORDER BY expires_at, id LIMIT $2)",
        before, rows_max);
}

}  // namespace pamoja::openid
