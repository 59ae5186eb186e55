#pragma once
#include <optional>

#include "crypto/keyring.hpp"
#include "db/tx.hpp"

namespace pamoja::webhooks {

using EndpointId = Id<struct EndpointTag>;

enum class DisabledReason {
    none,
    asked,    // by the tenant
    gone,     // it answered 410
    failing,  // nothing but failures for days
};
constexpr std::array<const char*, 4> names(DisabledReason) {
    return {"none", "asked", "gone", "failing"};
}

// Where a tenant wants to be told of its events.
struct Endpoint {
    EndpointId id;
    std::string url;
    std::string description;
    std::vector<std::string> event_types;  // "booking.created", "booking.*"; all when empty
    bool is_ordered = false;               // the events of one thing come one after another
    bool is_enabled = true;
    DisabledReason disabled_reason = DisabledReason::none;
    std::int64_t failures_in_a_row = 0;
    std::optional<Timestamp> failing_since = {};
    std::optional<Timestamp> paused_until = {};
    Timestamp created_at;
    Timestamp updated_at;

    bool wants(std::string_view event_type) const;
    void describe(Fields&);
};

// Which addresses a tenant may name.
struct UrlRules {
    // For development: http, and any port, on this machine. Everything else stays https to public addresses.
    bool allows_loopback = false;
};

struct NewEndpoint {
    std::string url;
    std::string description = {};
    std::vector<std::string> event_types = {};
    bool is_ordered = false;
    bool is_enabled = true;

    void describe(Fields&);
};

// What is absent stays as it is.
struct EndpointChanges {
    std::optional<std::string> url = {};
    std::optional<std::string> description = {};
    std::optional<std::vector<std::string>> event_types = {};
    std::optional<bool> is_ordered = {};
    std::optional<bool> is_enabled = {};

    void describe(Fields&);
};

// An endpoint with the secret that only this answer shows.
struct WithSecret {
    Endpoint endpoint;
    std::string secret;
};

// Throws validation_failed for a URL or event type that is none, conflict when the tenant has 50 endpoints.
WithSecret add_endpoint(Tx&, const NewEndpoint&, const UrlRules&, const crypto::Keyring&);
// Enabling starts afresh: what was missed stays in the log. Throws not_found and validation_failed.
Endpoint change_endpoint(Tx&, const EndpointId&, const EndpointChanges&, const UrlRules&);
// Its deliveries stay in the log; those under way fail. Throws not_found.
void remove_endpoint(Tx&, const EndpointId&);

Endpoint endpoint_of(Tx&, const EndpointId&);       // throws not_found
Page<Endpoint> endpoints(Tx&, const PageRequest&);  // newest first

// A fresh secret. The older ones sign beside it for the overlap, at most 7 days; zero ends them at once.
// Throws not_found, validation_failed, and conflict while four older ones still sign.
WithSecret rotate_secret(Tx&, const EndpointId&, std::chrono::seconds overlap, const crypto::Keyring&);

}  // namespace pamoja::webhooks
