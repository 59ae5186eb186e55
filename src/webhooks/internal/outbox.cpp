#include "webhooks/internal/outbox.hpp"

#include "json/writer.hpp"

namespace pamoja::webhooks {
namespace {

struct MessageRow {
    MessageId id;
    std::string event_type;
    std::string body;
    Timestamp created_at;

    void describe(Fields& f) {
        f("id", id);
        f("event_type", event_type);
        f("body", body);
        f("created_at", created_at);
    }
};

std::string body_text(const jobs::Event& event) {
    json::Writer body;
    body.begin_object();
    body.member("type", event.name);
    body.member("timestamp", event.at.precise_text());
    body.member("data", event.data);
    body.end_object();
    return body.take();
}

// The noun and the id of what an event is about: "booking:018f…". Empty when the event does not say.
std::string ordering_key_of(const jobs::Event& event) {
    const std::string noun = event.name.substr(0, event.name.find('.'));
    for (const std::string& name : {std::string("id"), noun + "_id"}) {
        const json::Value* id = event.data.find(name);
        if (id != nullptr && !id->text_or_empty().empty()) return noun + ":" + id->text_or_empty();
    }
    return {};
}

// Of those that are pending for the same thing.
std::optional<DeliveryId> first_in_line(Tx& tx, const Delivery& delivery) {
    return tx.value<DeliveryId>(
        "SELECT id FROM webhook_deliveries WHERE tenant_id = :tenant AND endpoint_id = $1 AND ordering_key = "
        "$2 AND status = 'pending' ORDER BY event_at, message_id, id LIMIT 1",
        delivery.endpoint_id, delivery.ordering_key);
}

void release_successor(Tx& tx, const Delivery& delivery) {
    if (delivery.ordering_key.empty()) return;
    if (const auto next = first_in_line(tx, delivery)) attempt_at(tx, *next, tx.now());
}

}  // namespace

MessageId message_id_of(const jobs::Event& event) {
    return MessageId("msg_" + event.id);
}

void put_message(Tx& tx, const jobs::Event& event) {
    tx.insert_if_absent("webhook_messages",
                        MessageRow{message_id_of(event), event.name, body_text(event), tx.now()});
}

Delivery put_delivery(Tx& tx, const Endpoint& endpoint, const jobs::Event& event) {
    Delivery delivery{.id = tx.new_id<DeliveryId>(),
                      .endpoint_id = endpoint.id,
                      .message_id = message_id_of(event),
                      .event_type = event.name,
                      .ordering_key = endpoint.is_ordered ? ordering_key_of(event) : std::string(),
                      .next_attempt_at = tx.now(),
                      .event_at = event.at,
                      .created_at = tx.now()};
    tx.insert("webhook_deliveries", delivery);
    attempt_at(tx, delivery.id, tx.now());
    return delivery;
}

void attempt_at(Tx& tx, const DeliveryId& id, Timestamp time) {
    jobs::enqueue(tx, {.kind = deliver_webhook,
                       .payload = json::Value(id.text()),
                       .run_at = time,
                       .unique_key = "webhook:" + id.text(),
                       .if_live = jobs::IfLive::sooner});
}

void set_standing(Tx& tx, const Delivery& delivery, const Standing& standing) {
    const bool is_over = standing.status != DeliveryStatus::pending;
    tx.run(
        "UPDATE webhook_deliveries SET status = $2, attempts = $3, response_status = $4, error_class = $5, "
        "next_attempt_at = $6, ended_at = $7 WHERE tenant_id = :tenant AND id = $1",
        delivery.id, standing.status, standing.attempts, standing.response_status, standing.error_class,
        standing.next_attempt_at, is_over ? std::optional(tx.now()) : std::nullopt);
    if (is_over) {
        release_successor(tx, delivery);
    } else if (standing.next_attempt_at) {
        attempt_at(tx, delivery.id, *standing.next_attempt_at);
    }
}

bool has_predecessor(Tx& tx, const Delivery& delivery) {
    if (delivery.ordering_key.empty()) return false;
    const auto first = first_in_line(tx, delivery);
    return first.has_value() && *first != delivery.id;
}

}  // namespace pamoja::webhooks
