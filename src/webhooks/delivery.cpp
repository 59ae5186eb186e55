#include "webhooks/delivery.hpp"

#include <algorithm>

#include "webhooks/internal/outbox.hpp"

namespace pamoja::webhooks {
namespace {

void require_enabled(const Endpoint& endpoint) {
    require(endpoint.is_enabled, conflict, "The webhook endpoint is disabled. Enable it first.");
}

void start_again(Tx& tx, Delivery& delivery) {
    const bool has_ended = delivery.status != DeliveryStatus::pending;
    delivery.status = DeliveryStatus::pending;
    delivery.attempts = has_ended ? 0 : delivery.attempts;
    delivery.next_attempt_at = tx.now();
    delivery.ended_at.reset();
    set_standing(tx, delivery,
                 {.status = delivery.status,
                  .attempts = delivery.attempts,
                  .response_status = delivery.response_status,
                  .error_class = delivery.error_class,
                  .next_attempt_at = delivery.next_attempt_at});
}

}  // namespace

void Delivery::describe(Fields& f) {
    f("id", id);
    f("endpoint_id", endpoint_id);
    f("message_id", message_id);
    f("event_type", event_type);
    f("ordering_key", ordering_key);
    f("status", status);
    f("attempts", attempts);
    f("response_status", response_status);
    f("error_class", error_class);
    f("next_attempt_at", next_attempt_at);
    f("event_at", event_at);
    f("created_at", created_at);
    f("ended_at", ended_at);
}

void Attempt::describe(Fields& f) {
    f("id", id);
    f("delivery_id", delivery_id);
    f("number", number);
    f("url", url);
    f("timestamp_seconds", timestamp_seconds);
    f("signature", signature);
    f("response_status", response_status);
    f("response_excerpt", response_excerpt);
    f("error_class", error_class);
    f("duration_ms", duration_ms);
    f("attempted_at", attempted_at);
}

Page<Delivery> deliveries(Tx& tx, const DeliveryFilter& filter, const PageRequest& page) {
    return tx.page<Delivery>(
        page,
        "FROM webhook_deliveries WHERE tenant_id = :tenant AND endpoint_id = COALESCE($1, endpoint_id) AND "
        "status = COALESCE($2, status) AND event_type = COALESCE($3, event_type)",
        "created_at DESC, id DESC", filter.endpoint_id, filter.status, filter.event_type);
}

Delivery delivery_of(Tx& tx, const DeliveryId& id) {
    auto found = tx.maybe<Delivery>("FROM webhook_deliveries WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such webhook delivery.");
    return std::move(*found);
}

std::vector<Attempt> attempts_of(Tx& tx, const DeliveryId& id) {
    auto attempts = tx.all<Attempt>(
        "FROM webhook_attempts WHERE tenant_id = :tenant AND delivery_id = $1 ORDER BY attempted_at DESC, id "
        "DESC LIMIT 100",
        id);
    std::ranges::reverse(attempts);
    return attempts;
}

std::string body_of(Tx& tx, const Delivery& delivery) {
    return tx
        .value<std::string>("SELECT body FROM webhook_messages WHERE tenant_id = :tenant AND id = $1",
                            delivery.message_id)
        .value_or("");
}

Delivery replay(Tx& tx, const DeliveryId& id) {
    Delivery delivery = delivery_of(tx, id);
    require_enabled(endpoint_of(tx, delivery.endpoint_id));
    start_again(tx, delivery);
    return delivery;
}

std::int64_t recover(Tx& tx, const EndpointId& id, Timestamp since) {
    require_enabled(endpoint_of(tx, id));
    auto failed = tx.all<Delivery>(
        "FROM webhook_deliveries WHERE tenant_id = :tenant AND endpoint_id = $1 AND status = 'failed' AND "
        "created_at >= $2 ORDER BY created_at, id LIMIT 500",
        id, since);
    for (Delivery& each : failed) start_again(tx, each);
    return static_cast<std::int64_t>(failed.size());
}

Delivery send_test(Tx& tx, const EndpointId& id) {
    const Endpoint endpoint = endpoint_of(tx, id);
    require_enabled(endpoint);
    const jobs::Event event{
        .id = make_uuid(tx.now(), tx.random()),
        .name = test_event,
        .at = tx.now(),
        .data = json::Value(json::Object{{"endpoint_id", json::Value(endpoint.id.text())}})};
    put_message(tx, event);
    return put_delivery(tx, endpoint, event);
}

}  // namespace pamoja::webhooks
