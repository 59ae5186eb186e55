#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/signature.hpp"

namespace pamoja::faces::upflame {
namespace {

using webhooks::EndpointId;

struct DeliveryView {
    webhooks::Delivery delivery;

    void describe(Fields& f) {
        f("id", delivery.id);
        f("webhook_id", delivery.endpoint_id);
        f("message_id", delivery.message_id).doc("the header webhook-id");
        f("event_type", delivery.event_type);
        f("status", delivery.status);
        f("attempts", delivery.attempts);
        f("response_status", delivery.response_status).doc("of the last attempt; 0 when nobody answered");
        f("failure", delivery.error_class);
        f("next_attempt_at", delivery.next_attempt_at);
        f("event_at", delivery.event_at);
        f("created_at", delivery.created_at);
        f("ended_at", delivery.ended_at);
    }
};

// Everything that a receiver needs to compute the signature again.
struct AttemptView {
    webhooks::Attempt attempt;
    std::string signed_content;

    void describe(Fields& f) {
        f("number", attempt.number);
        f("url", attempt.url);
        f("timestamp", attempt.timestamp_seconds).doc("the header webhook-timestamp");
        f("signature", attempt.signature).doc("the header webhook-signature");
        f("signed_content", signed_content).doc("byte for byte what was signed");
        f("response_status", attempt.response_status);
        f("response_excerpt", attempt.response_excerpt);
        f("failure", attempt.error_class);
        f("duration_ms", attempt.duration_ms);
        f("attempted_at", attempt.attempted_at);
    }
};

struct DeliveryDetailView {
    DeliveryView delivery;
    std::string body;
    std::vector<AttemptView> log;

    void describe(Fields& f) {
        f.include(delivery);
        f("body", body);
        f("log", log);
    }
};

struct DeliveryQuery {
    std::optional<webhooks::DeliveryStatus> status;
    std::optional<std::string> event_type;
    PageQuery page;

    void describe(Fields& f) {
        f("status", status);
        f("event_type", event_type).length(1, 100);
        f.include(page);
    }
};

Listed<DeliveryView> list_deliveries(Call& call, const DeliveryQuery& query) {
    const auto endpoint = webhooks::endpoint_of(call.tx, call.path<EndpointId>());
    return listed<DeliveryView>(webhooks::deliveries(
        call.tx, {.endpoint_id = endpoint.id, .status = query.status, .event_type = query.event_type},
        query.page.request()));
}

webhooks::Delivery delivery_in_path(Call& call) {
    auto delivery = webhooks::delivery_of(call.tx, call.path<webhooks::DeliveryId>(1));
    require(delivery.endpoint_id == call.path<EndpointId>(), not_found, "There is no such webhook delivery.");
    return delivery;
}

DeliveryDetailView show_delivery(Call& call) {
    DeliveryDetailView view{{delivery_in_path(call)}, {}, {}};
    const webhooks::Delivery& delivery = view.delivery.delivery;
    view.body = webhooks::body_of(call.tx, delivery);
    for (auto& each : webhooks::attempts_of(call.tx, delivery.id)) {
        auto content =
            webhooks::signed_content(delivery.message_id.text(), each.timestamp_seconds, view.body);
        view.log.push_back({std::move(each), std::move(content)});
    }
    return view;
}

DeliveryView replay_delivery(Call& call) {
    auto replayed = webhooks::replay(call.tx, delivery_in_path(call).id);
    note(call, call.actor().user_id, "webhook.replay", "webhook_delivery:" + replayed.id.text());
    return {std::move(replayed)};
}

struct RecoverRequest {
    Timestamp since;

    void describe(Fields& f) { f("since", since); }
};

struct RecoveredView {
    std::int64_t replayed_count = 0;

    void describe(Fields& f) { f("replayed_count", replayed_count); }
};

RecoveredView recover_deliveries(Call& call, const RecoverRequest& request) {
    const auto id = call.path<EndpointId>();
    const auto count = webhooks::recover(call.tx, id, request.since);
    note(call, call.actor().user_id, "webhook.recover", "webhook:" + id.text());
    return {count};
}

}  // namespace

void mount_webhook_deliveries(Api& api) {
    api.section("Webhooks");
    api.get("/webhooks/{id}/deliveries", list_deliveries)
        .named("webhook_delivery_list")
        .summary("What was sent to a webhook, and what became of it")
        .needs("webhook.read")
        .addition();
    api.get("/webhooks/{id}/deliveries/{delivery_id}", show_delivery)
        .named("webhook_delivery_show")
        .summary("One delivery with every attempt and the bytes that were signed")
        .needs("webhook.read")
        .addition();
    api.post("/webhooks/{id}/deliveries/{delivery_id}/replay", replay_delivery)
        .named("webhook_delivery_replay")
        .summary("Send it again at once, under the same id")
        .needs("webhook.update")
        .idempotent()
        .addition();
    api.post("/webhooks/{id}/recover", recover_deliveries)
        .named("webhook_recover")
        .summary("Send again what failed since an instant, oldest first, at most 500")
        .needs("webhook.update")
        .idempotent()
        .addition();
}

}  // namespace pamoja::faces::upflame
