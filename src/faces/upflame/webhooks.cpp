#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "webhooks/delivery.hpp"

namespace pamoja::faces::upflame {
namespace {

using webhooks::EndpointId;

struct EndpointView {
    webhooks::Endpoint endpoint;

    void describe(Fields& f) { f.include(endpoint); }
};

// The only answers that show a secret.
struct NewSecretView {
    webhooks::WithSecret made;

    void describe(Fields& f) {
        f.include(made.endpoint);
        f("secret", made.secret).doc("signs all deliveries; shown only now");
    }
};

void note_endpoint(Call& call, const char* action, const EndpointId& id) {
    note(call, call.actor().user_id, action, "webhook:" + id.text());
}

NewSecretView create_endpoint(Call& call, const webhooks::NewEndpoint& request) {
    auto made =
        webhooks::add_endpoint(call.tx, request, services_of(call).webhook_urls, call.services.keyring);
    note_endpoint(call, "webhook.create", made.endpoint.id);
    return {std::move(made)};
}

Listed<EndpointView> list_endpoints(Call& call, const PageQuery& page) {
    return listed<EndpointView>(webhooks::endpoints(call.tx, page.request()));
}

EndpointView show_endpoint(Call& call) {
    return {webhooks::endpoint_of(call.tx, call.path<EndpointId>())};
}

EndpointView change_endpoint(Call& call, const webhooks::EndpointChanges& request) {
    auto changed =
        webhooks::change_endpoint(call.tx, call.path<EndpointId>(), request, services_of(call).webhook_urls);
    note_endpoint(call, "webhook.update", changed.id);
    return {std::move(changed)};
}

MessageView remove_endpoint(Call& call) {
    const auto id = call.path<EndpointId>();
    webhooks::remove_endpoint(call.tx, id);
    note_endpoint(call, "webhook.delete", id);
    return {"Webhook removed"};
}

struct RotateRequest {
    std::int64_t overlap_seconds = 86'400;

    void describe(Fields& f) {
        f.optional("overlap_seconds", overlap_seconds)
            .between(0, 604'800)
            .doc("how long the older secrets sign beside the new one");
    }
};

NewSecretView rotate_secret(Call& call, const RotateRequest& request) {
    const auto id = call.path<EndpointId>();
    auto made = webhooks::rotate_secret(call.tx, id, std::chrono::seconds(request.overlap_seconds),
                                        call.services.keyring);
    note_endpoint(call, "webhook.rotate_secret", id);
    return {std::move(made)};
}

struct TestView {
    webhooks::DeliveryId delivery_id;
    std::string message;

    void describe(Fields& f) {
        f("delivery_id", delivery_id);
        f("message", message);
    }
};

TestView send_test(Call& call) {
    const auto delivery = webhooks::send_test(call.tx, call.path<EndpointId>());
    note_endpoint(call, "webhook.test", delivery.endpoint_id);
    return {delivery.id, "Test event queued for delivery"};
}

}  // namespace

void mount_webhooks(Api& api) {
    api.section("Webhooks");
    api.post("/webhooks", create_endpoint)
        .named("webhook_create")
        .summary("Have the tenant's events sent to an address")
        .needs("webhook.create")
        .idempotent()
        .created()
        .addition();
    api.get("/webhooks", list_endpoints)
        .named("webhook_list")
        .summary("Where the tenant's events are sent")
        .needs("webhook.read")
        .addition();
    api.get("/webhooks/{id}", show_endpoint)
        .named("webhook_show")
        .summary("One webhook, and how it fares")
        .needs("webhook.read")
        .addition();
    api.put("/webhooks/{id}", change_endpoint)
        .named("webhook_update")
        .summary("Change a webhook, disable it or enable it again")
        .needs("webhook.update")
        .addition();
    api.remove("/webhooks/{id}", remove_endpoint)
        .named("webhook_delete")
        .summary("Send an address nothing more")
        .needs("webhook.delete")
        .addition();
    api.post("/webhooks/{id}/rotate-secret", rotate_secret)
        .named("webhook_rotate_secret")
        .summary("Sign with a fresh secret, and for a while with the older ones too")
        .needs("webhook.update")
        .idempotent()
        .addition();
    api.post("/webhooks/{id}/test", send_test)
        .named("webhook_test")
        .summary("Send a test event")
        .needs("webhook.update")
        .idempotent()
        .created()
        .addition();
}

}  // namespace pamoja::faces::upflame
