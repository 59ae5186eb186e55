#pragma once
#include "db/database.hpp"
#include "identity/tokens.hpp"

namespace pamoja::identity {

inline constexpr Reason invalid_refresh_token{FailureKind::unauthenticated, "invalid_refresh_token"};

enum class RefreshResult {
    renewed,   // the counter moved on: the next token differs
    repeated,  // one step behind: the client did not store the last answer and gets it again
    reused,    // further behind: taken for theft, and the session has been ended
    refused,   // no such session, ended, expired, or its person is not active
};

struct Refreshed {
    RefreshResult result = RefreshResult::refused;
    Session session;  // as it is now; its refresh token is TokenIssuer::refresh_token
};

// Does not throw for a token that is refused, so that ending a session for reuse can be committed.
Refreshed refresh(Tx&, const RefreshToken&, std::chrono::seconds lifetime);

// The whole of it for the ask phase: reads the token, refreshes in one committed transaction, and throws
// invalid_refresh_token afterwards when it was refused.
struct Renewal {
    Session session;
    AccessToken access;
    std::string refresh;
};
Renewal renew(Database&, const TokenIssuer&, std::string_view face, std::string_view token, Random&);

}  // namespace pamoja::identity
