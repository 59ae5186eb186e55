#pragma once
#include "http/message.hpp"
#include "openid/grants.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// Ends a browser's session and every grant that came from it, except what a person allowed to go on without
// them (offline_access). Clients that gave an address for it are told: a job of the same transaction, one a
// client.
void sign_out(Tx&, const BrowserSession&);

// OpenID Connect RP-Initiated Logout, GET or POST. Blocks; never throws a refusal. Without an ID token of the
// browser's session as a hint the person is asked first.
http::Response end_session(const Provider&, const TenantId&, const http::Request&);
http::Response confirm_end_session(const Provider&, const TenantId&,
                                   const http::Request&);  // POST of that page

}  // namespace pamoja::openid
