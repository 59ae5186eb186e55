#include "identity/refreshing.hpp"

#include "audit/entries.hpp"
#include "identity/people.hpp"
#include "identity/tenants.hpp"

namespace pamoja::identity {
namespace {

constexpr std::chrono::minutes activity_step{1};

void prolong(Tx& tx, Session& session, std::chrono::seconds lifetime) {
    session.last_active_at = tx.now();
    session.expires_at = tx.now().plus(lifetime);
    tx.run(
        "UPDATE sessions SET refresh_counter = $1, last_active_at = $2, expires_at = $3 "
        "WHERE tenant_id = :tenant AND id = $4 AND user_id = $5",
        session.refresh_counter, session.last_active_at, session.expires_at, session.id, session.user_id);
}

// A token that was replaced twice comes from someone who is not the client that replaced it, or the client is
// the thief: both lose the session.
void end_for_reuse(Tx& tx, Session& session) {
    session.ended_at = tx.now();
    end_session(tx, session.user_id, session.id);
    audit::record(tx, {.actor = session.user_id.text(),
                       .action = "session.end_for_reuse",
                       .subject = "user:" + session.user_id.text(),
                       .details = json::Value(json::Object{{"session_id", json::Value(session.id.text())}}),
                       .trace_id = {},
                       .ip_address = {}});
}

}  // namespace

Refreshed refresh(Tx& tx, const RefreshToken& token, std::chrono::seconds lifetime) {
    if (token.tenant != tx.tenant()) return {};
    auto session = tx.maybe<Session>("FROM sessions WHERE tenant_id = :tenant AND id = $1", token.session_id);
    if (!session || session->ended_at || session->expires_at <= tx.now()) return {};
    if (!is_tenant_active(tx) || person_of(tx, session->user_id).status != PersonStatus::active) return {};

    const std::int64_t behind = session->refresh_counter - token.counter;
    if (behind < 0) return {};
    if (behind == 0) {
        ++session->refresh_counter;
        prolong(tx, *session, lifetime);
        return {RefreshResult::renewed, std::move(*session)};
    }
    if (behind == 1) {
        // Many clients that share one token come here at once; only the first of a minute needs to write.
        if (tx.now().since(session->last_active_at) >= activity_step) prolong(tx, *session, lifetime);
        return {RefreshResult::repeated, std::move(*session)};
    }
    end_for_reuse(tx, *session);
    return {RefreshResult::reused, std::move(*session)};
}

Renewal renew(Database& database, const TokenIssuer& issuer, std::string_view face, std::string_view text,
              Random& random) {
    constexpr const char* message = "The refresh token is invalid or has expired.";
    const auto token = issuer.read_refresh_token(face, text);
    require(token.has_value(), invalid_refresh_token, message);

    Timestamp now;
    const auto refreshed = database.write(token->tenant, [&](Tx& tx) {
        now = tx.now();
        return refresh(tx, *token, issuer.face(face).refresh_lifetime);
    });
    require(refreshed.result == RefreshResult::renewed || refreshed.result == RefreshResult::repeated,
            invalid_refresh_token, message);
    return {refreshed.session, issuer.issue_access_token(face, token->tenant, refreshed.session, now, random),
            issuer.refresh_token(face, token->tenant, refreshed.session)};
}

}  // namespace pamoja::identity
