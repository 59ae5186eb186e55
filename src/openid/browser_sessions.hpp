#pragma once
#include <optional>
#include <string>

#include "identity/passwords.hpp"
#include "identity/sessions.hpp"

namespace pamoja::openid {

using BrowserSessionId = Id<struct BrowserSessionTag>;  // the "sid" of ID tokens

// A person who signed in with a browser: every application of the tenant may rely on it. `methods` says how,
// in the words of RFC 8176 ("pwd", "pwd otp mfa").
struct BrowserSession {
    BrowserSessionId id;
    UserId user_id;
    identity::SessionId session_id;
    Timestamp authenticated_at;
    std::string methods;
    Timestamp expires_at;

    void describe(Fields&);
};

inline constexpr std::chrono::hours browser_session_lifetime{24};

// Of the secret in a browser's cookie; empty when it ended, here or in identity.
std::optional<BrowserSession> browser_session_of(Tx&, std::string_view secret);

struct NewBrowserSession {
    BrowserSession session;
    std::string secret;  // for the cookie
};
// After a sign-in that started that session of identity. The browser gets a new secret each time; when the
// same person had been signed in before, the id stays, so that applications see one session.
NewBrowserSession open_browser_session(Tx&, const identity::Session&, std::string_view methods,
                                       const std::optional<BrowserSession>& before);
void end_browser_session(Tx&, const BrowserSession&);

std::int64_t forget_browser_sessions(Tx&, Timestamp before, std::int64_t rows_max = 1000);

}  // namespace pamoja::openid
