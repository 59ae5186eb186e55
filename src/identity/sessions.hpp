#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "crypto/token.hpp"
#include "db/tenants_with.hpp"

namespace pamoja::identity {

using SessionId = Id<struct SessionTag>;

// What a client says about itself, and where its request came from.
struct Device {
    std::string id{};    // the client's own name of the device
    std::string name{};  // "Ann's phone"
    std::string type{};  // "ios", "android", "web"
    std::string location{};
    std::string ip_address{};
    std::string user_agent{};
};

// One sign-in on one device. Ends by logout, by expiry, or when its refresh token was reused.
struct Session {
    SessionId id;
    UserId user_id;
    Device device;
    std::int64_t refresh_counter = 0;
    Timestamp created_at;
    Timestamp last_active_at;
    Timestamp expires_at;
    std::optional<Timestamp> ended_at;

    void describe(Fields&);
};

// Who is asking, for the length of one request.
struct Principal {
    UserId user_id;
    SessionId session_id;
    std::vector<std::string> roles;
    Timestamp last_active_at;

    bool has_role(std::string_view role) const { return std::ranges::find(roles, role) != roles.end(); }
};

Session start_session(Tx&, const UserId&, const Device&, std::chrono::seconds lifetime);

// Who the bearer of a verified token is now. Throws unauthenticated when the claims name another tenant, the
// session has ended or expired, the person is not active, or the tenant is suspended. Only reads: fit for
// read transactions.
Principal authenticate(Tx&, const crypto::Claims&);
// The session while it is alive and its person is active; empty otherwise.
std::optional<Session> live_session(Tx&, const SessionId&);
// Notes that the session is in use, at most once a minute. For write transactions.
void note_activity(Tx&, const Principal&);

void end_session(Tx&, const UserId&, const SessionId&);  // logout. Throws not_found for a stranger's session
// Ends the person's sessions, except one where one is named; returns how many.
std::int64_t end_all_sessions(Tx&, const UserId&, const std::optional<SessionId>& except = std::nullopt);
// Those that are alive, last used first.
Page<Session> sessions_of(Tx&, const UserId&, PageRequest = {});
// Deletes sessions that expired before that, or would have; at most `rows_max`. Returns how many.
std::int64_t forget_sessions(Tx&, Timestamp before, std::int64_t rows_max = 1000);
std::vector<TenantId> tenants_with_old_sessions(Tx&, const TenantSlice&, Timestamp before);

}  // namespace pamoja::identity
