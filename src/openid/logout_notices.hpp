#pragma once
#include "connectors/web/web_client.hpp"
#include "jobs/handlers.hpp"
#include "openid/grants.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// Back-channel logout: the client's server is told that a browser's session is over. Nothing for a client
// that gave no address for it.
void enqueue_logout_notice(Tx&, const Grant&);

struct LogoutNotices {
    const Provider& provider;
    web::WebClient& web;
    web::Reach reach = web::Reach::public_only;
};
// The notices must outlive the handlers.
void handle_logout_notices(jobs::Handlers&, const LogoutNotices&);

}  // namespace pamoja::openid
