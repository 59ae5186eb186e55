#include "identity/sessions.hpp"

#include "access/roles.hpp"
#include "identity/people.hpp"
#include "identity/tenants.hpp"

namespace pamoja::identity {
namespace {

constexpr std::chrono::minutes activity_step{1};
constexpr std::size_t text_length_max = 500;

// What authenticate() asks in one indexed read.
struct SessionState {
    UserId user_id;
    Timestamp last_active_at;
    Timestamp expires_at;
    std::optional<Timestamp> ended_at;
    PersonStatus status = PersonStatus::disabled;
    TenantStatus tenant_status = TenantStatus::suspended;

    void describe(Fields& f) {
        f("sessions.user_id", user_id);
        f("sessions.last_active_at", last_active_at);
        f("sessions.expires_at", expires_at);
        f("sessions.ended_at", ended_at);
        f("people.status", status);
        f("tenants.status", tenant_status);
    }
};

// A client chooses these texts; what is too long for a device's name is cut, not refused.
std::string bounded(const std::string& text) {
    if (text.size() <= text_length_max) return text;
    std::size_t end = text_length_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace

void Session::describe(Fields& f) {
    f("id", id);
    f("user_id", user_id);
    f("device_id", device.id);
    f("device_name", device.name);
    f("device_type", device.type);
    f("location", device.location);
    f("ip_address", device.ip_address);
    f("user_agent", device.user_agent);
    f("refresh_counter", refresh_counter);
    f("created_at", created_at);
    f("last_active_at", last_active_at);
    f("expires_at", expires_at);
    f("ended_at", ended_at);
}

Session start_session(Tx& tx, const UserId& user, const Device& device, std::chrono::seconds lifetime) {
    Session session{.id = tx.new_id<SessionId>(),
                    .user_id = user,
                    .device = {.id = bounded(device.id),
                               .name = bounded(device.name),
                               .type = bounded(device.type),
                               .location = bounded(device.location),
                               .ip_address = bounded(device.ip_address),
                               .user_agent = bounded(device.user_agent)},
                    .refresh_counter = 0,
                    .created_at = tx.now(),
                    .last_active_at = tx.now(),
                    .expires_at = tx.now().plus(lifetime),
                    .ended_at = std::nullopt};
    tx.insert("sessions", session);
    return session;
}

Principal authenticate(Tx& tx, const crypto::Claims& claims) {
    constexpr const char* message = "Sign in to use this.";
    require(claims.tenant == tx.tenant().text(), unauthenticated, message);
    const auto found = tx.maybe<SessionState>(
        "FROM sessions JOIN people ON people.tenant_id = sessions.tenant_id AND people.id = sessions.user_id "
        "JOIN tenants ON tenants.id = sessions.tenant_id WHERE sessions.tenant_id = :tenant AND sessions.id "
        "= $1",
        claims.session_id);
    require(found && !found->ended_at && found->expires_at > tx.now() &&
                found->status == PersonStatus::active && found->tenant_status == TenantStatus::active &&
                found->user_id.text() == claims.subject,
            unauthenticated, message);
    return {.user_id = found->user_id,
            .session_id = SessionId(claims.session_id),
            .roles = access::roles_of(tx, found->user_id),
            .last_active_at = found->last_active_at};
}

std::optional<Session> live_session(Tx& tx, const SessionId& id) {
    auto session = tx.maybe<Session>(
        "FROM sessions WHERE tenant_id = :tenant AND id = $1 AND ended_at IS NULL AND expires_at > $2", id,
        tx.now());
    if (!session || !is_tenant_active(tx)) return std::nullopt;
    if (person_of(tx, session->user_id).status != PersonStatus::active) return std::nullopt;
    return session;
}

void note_activity(Tx& tx, const Principal& principal) {
    if (tx.now().since(principal.last_active_at) < activity_step) return;
    tx.run("UPDATE sessions SET last_active_at = $1 WHERE tenant_id = :tenant AND id = $2 AND user_id = $3",
           tx.now(), principal.session_id, principal.user_id);
}

void end_session(Tx& tx, const UserId& user, const SessionId& session) {
    const auto ended = tx.run(
        "UPDATE sessions SET ended_at = COALESCE(ended_at, $1) "
        "WHERE tenant_id = :tenant AND id = $2 AND user_id = $3",
        tx.now(), session, user);
    require(ended == 1, not_found, "There is no such session.");
}

std::int64_t end_all_sessions(Tx& tx, const UserId& user, const std::optional<SessionId>& except) {
    return tx.run(
        "UPDATE sessions SET ended_at = $1 "
        "WHERE tenant_id = :tenant AND user_id = $2 AND ended_at IS NULL AND id <> $3",
        tx.now(), user, except.value_or(SessionId()));
}

Page<Session> sessions_of(Tx& tx, const UserId& user, PageRequest page) {
    return tx.page<Session>(
        page,
        "FROM sessions WHERE tenant_id = :tenant AND user_id = $1 AND ended_at IS NULL AND expires_at > $2",
        "last_active_at DESC, id DESC", user, tx.now());
}

std::int64_t forget_sessions(Tx& tx, Timestamp before, std::int64_t rows_max) {
    return tx.run(
        "DELETE FROM sessions WHERE tenant_id = :tenant AND id IN (SELECT id FROM sessions "
        "WHERE tenant_id = :tenant AND expires_at < $1 ORDER BY expires_at, id LIMIT $2)",
        before, rows_max);
}

std::vector<TenantId> tenants_with_old_sessions(Tx& tx, const TenantSlice& slice, Timestamp before) {
    return tenants_with(tx, slice, "sessions", "expires_at < $1", before);
}

}  // namespace pamoja::identity
