#pragma once
#include "jobs/queue.hpp"
#include "webhooks/delivery.hpp"

namespace pamoja::webhooks {

inline constexpr jobs::Kind deliver_webhook{"webhooks.deliver", jobs::Lane::bulk};

// The message of an event, written once.
void put_message(Tx&, const jobs::Event&);
MessageId message_id_of(const jobs::Event&);

// A delivery of that message with its job.
Delivery put_delivery(Tx&, const Endpoint&, const jobs::Event&);

// Has a pending delivery attempted at that time, or earlier when it already is to be.
void attempt_at(Tx&, const DeliveryId&, Timestamp);

// How a delivery stands after its last attempt.
struct Standing {
    DeliveryStatus status = DeliveryStatus::pending;
    std::int64_t attempts = 0;
    std::int64_t response_status = 0;
    std::string error_class;
    std::optional<Timestamp> next_attempt_at = {};
};
// One that ends lets the next of its ordering key go.
void set_standing(Tx&, const Delivery&, const Standing&);

// The one before it in order that is still pending, if any.
bool has_predecessor(Tx&, const Delivery&);

}  // namespace pamoja::webhooks
