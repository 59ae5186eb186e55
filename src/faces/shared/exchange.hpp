#pragma once
#include "crypto/token.hpp"
#include "faces/shared/dispatcher.hpp"

namespace pamoja::faces {

// One request on its way through the dispatcher.
struct Dispatcher::Exchange {
    http::Request request;
    http::Responder respond;
    Match match;
    Timestamp received_at;
    std::chrono::steady_clock::time_point started;

    std::optional<crypto::Claims>
        claims;  // of a token that verifies; the session is looked up in the transaction
    std::optional<identity::Principal> principal;
    TenantId tenant_id;
    std::optional<LimitState> limit;
    std::optional<IdempotencyKey> key;
    bool is_claimed = false;  // the key, in a transaction before the slow half

    std::shared_ptr<void> parsed;
    std::exception_ptr parse_error;
    std::shared_ptr<void> facts;
    std::optional<http::Response> response;

    const Route& route() const { return *match.route; }
    const Face& face() const { return match.api->face(); }
    const TenantId& tenant() const { return tenant_id; }
    std::string caller() const { return claims ? claims->subject : request.remote_address; }
    Asker asker() const {
        return {request.remote_address, claims ? claims->subject : "", claims ? claims->tenant : ""};
    }
    EnvelopeContext context(Timestamp now) const { return {request.trace_id, now}; }
};

}  // namespace pamoja::faces
