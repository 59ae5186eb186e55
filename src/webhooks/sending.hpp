#pragma once
#include "connectors/web/web_client.hpp"
#include "jobs/handlers.hpp"
#include "webhooks/endpoint.hpp"

namespace pamoja::webhooks {

// Published when an endpoint is disabled without being asked to: {"endpoint_id", "reason", "description"}.
inline constexpr const char* endpoint_disabled = "webhook_endpoint.disabled";

struct SendingRules {
    UrlRules urls = {};
    std::chrono::milliseconds timeout{20'000};
    std::chrono::hours give_up_after{24 * 5};  // of nothing but failures; the endpoint is disabled then
    std::chrono::hours memory{24 * 90};        // how long the log keeps deliveries that are over
};

// Subscribes to every event, and registers the jobs that send and forget. The keyring and the client must
// outlive the runner.
void handle_webhooks(jobs::Handlers&, const crypto::Keyring&, web::WebClient&, SendingRules);

}  // namespace pamoja::webhooks
