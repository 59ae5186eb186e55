#pragma once
#include "connectors/web/web_client.hpp"
#include "webhooks/endpoint.hpp"

namespace pamoja::webhooks {

// Throws validation_failed for an address that is none to send to.
void require_url(std::string_view url, const UrlRules&);

// How far a call may reach. Asked anew at every attempt, so that stricter rules hold for old endpoints too;
// empty when the address is no longer one to send to.
std::optional<web::Reach> reach_of(std::string_view url, const UrlRules&);

}  // namespace pamoja::webhooks
