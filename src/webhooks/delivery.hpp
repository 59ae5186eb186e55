#pragma once
#include "webhooks/endpoint.hpp"

namespace pamoja::webhooks {

using DeliveryId = Id<struct WebhookDeliveryTag>;
using MessageId = Id<struct WebhookMessageTag>;
using AttemptId = Id<struct WebhookAttemptTag>;

inline constexpr const char* test_event = "webhook.test";

enum class DeliveryStatus {
    pending,
    delivered,  // the endpoint answered 2xx
    failed,     // all attempts are used up, or the endpoint takes nothing more
};
constexpr std::array<const char*, 3> names(DeliveryStatus) {
    return {"pending", "delivered", "failed"};
}

// One message on its way to one endpoint.
struct Delivery {
    DeliveryId id;
    EndpointId endpoint_id;
    MessageId message_id;  // the header webhook-id, the same at every attempt and endpoint
    std::string event_type;
    std::string ordering_key;  // of which thing it is; empty when order does not matter
    DeliveryStatus status = DeliveryStatus::pending;
    std::int64_t attempts = 0;         // since it was made or replayed
    std::int64_t response_status = 0;  // of the last attempt; 0 when nobody answered
    std::string error_class = {};      // why the last attempt failed: "http_status", "timed_out", …
    std::optional<Timestamp> next_attempt_at = {};
    Timestamp event_at;
    Timestamp created_at;
    std::optional<Timestamp> ended_at = {};

    void describe(Fields&);
};

// One attempt, with all that a receiver needs to compute the signature again.
struct Attempt {
    AttemptId id = {};
    DeliveryId delivery_id;
    std::int64_t number = 1;
    std::string url;
    std::int64_t timestamp_seconds = 0;  // the header webhook-timestamp
    std::string signature = {};          // the header webhook-signature
    std::int64_t response_status = 0;
    std::string response_excerpt = {};  // the answer's first characters
    std::string error_class = {};
    std::int64_t duration_ms = 0;
    Timestamp attempted_at;

    void describe(Fields&);
};

struct DeliveryFilter {
    std::optional<EndpointId> endpoint_id = {};
    std::optional<DeliveryStatus> status = {};
    std::optional<std::string> event_type = {};
};

Page<Delivery> deliveries(Tx&, const DeliveryFilter&, const PageRequest&);  // newest first
Delivery delivery_of(Tx&, const DeliveryId&);                               // throws not_found
std::vector<Attempt> attempts_of(Tx&, const DeliveryId&);                   // the last 100, oldest first
std::string body_of(Tx&, const Delivery&);                                  // byte for byte

// Attempts a delivery at once, with all its attempts again when it had ended. Throws not_found, and conflict
// when the endpoint is disabled or removed.
Delivery replay(Tx&, const DeliveryId&);
// Replays what failed since an instant, oldest first, at most 500 at a time; returns how many.
std::int64_t recover(Tx&, const EndpointId&, Timestamp since);

// Sends an event "webhook.test" to one endpoint, whatever event types it wants. Throws not_found and
// conflict.
Delivery send_test(Tx&, const EndpointId&);

}  // namespace pamoja::webhooks
