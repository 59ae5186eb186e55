#include "notifications/delivery.hpp"

#include <algorithm>

#include "jobs/queue.hpp"
#include "notifications/devices.hpp"
#include "notifications/internal/attempt.hpp"
#include "notifications/internal/sealed_letter.hpp"
#include "notifications/quiet_hours.hpp"
#include "notifications/reports.hpp"

namespace pamoja::notifications {
namespace {

// All that one attempt needs, read before the call.
struct Assignment {
    DeliveryRow row;
    std::vector<Device> devices = {};  // of a push
    std::optional<Timestamp> quiet_until = {};
};

std::optional<Assignment> assignment_of(Tx& tx, const DeliveryId& id) {
    auto row = tx.maybe<DeliveryRow>(
        "FROM notification_deliveries WHERE tenant_id = :tenant AND id = $1 AND status = 'pending'", id);
    if (!row) return std::nullopt;
    Assignment assignment{.row = std::move(*row)};
    const Delivery& delivery = assignment.row.delivery;
    if (goes_to_devices(delivery)) assignment.devices = devices_of(tx, delivery.user_id);
    if (!delivery.is_critical) assignment.quiet_until = quiet_until(tx, delivery.user_id, tx.now());
    return assignment;
}

// The letter is blanked as soon as it is out or given up: codes and links in it must not stay.
void write_outcome(Tx& tx, const DeliveryId& id, const Outcome& outcome) {
    const bool is_out = outcome.status == DeliveryStatus::sent || outcome.status == DeliveryStatus::delivered;
    const bool has_arrived = outcome.status == DeliveryStatus::delivered;
    tx.run(
        "UPDATE notification_deliveries SET status = $2, provider_id = $3, error_class = $4, sent_at = $5, "
        "delivered_at = $6, reached_devices = $7, attempts = attempts + 1 WHERE tenant_id = :tenant AND id = "
        "$1 AND status = 'pending'",
        id, outcome.status, outcome.provider_id, outcome.error_class,
        is_out ? std::optional(tx.now()) : std::nullopt, has_arrived ? std::optional(tx.now()) : std::nullopt,
        outcome.reached_devices);
    if (outcome.status != DeliveryStatus::pending) {
        tx.run("UPDATE notification_deliveries SET sealed_letter = '' WHERE tenant_id = :tenant AND id = $1",
               id);
    }
    for (const DeviceId& gone : outcome.gone_devices)
        tx.run("DELETE FROM notification_devices WHERE tenant_id = :tenant AND id = $1", gone);
}

const Carrier& carrier_for(const Carriers& carriers, Channel channel) {
    static const Carrier none;
    switch (channel) {
        case Channel::email:
            return carriers.email;
        case Channel::sms:
            return carriers.sms;
        case Channel::push:
            return carriers.push;
        case Channel::in_app:
            return none;
    }
    return none;
}

Outcome attempt(const Assignment& assignment, const crypto::Keyring& keyring, const Carriers& carriers) {
    const Delivery& delivery = assignment.row.delivery;
    const Carrier& carrier = carrier_for(carriers, delivery.channel);
    if (!carrier) return {.status = DeliveryStatus::failed, .error_class = "no_carrier"};
    const auto letter = open_letter(assignment.row.sealed_letter, delivery.id, keyring);
    if (!letter) return {.status = DeliveryStatus::failed, .error_class = "unreadable"};
    if (goes_to_devices(delivery)) return push_to(assignment.row, assignment.devices, *letter, carrier);
    return outcome_of(carrier({delivery.id, delivery.address, *letter}));
}

// Quiet hours may have been set, or reached, since the letter was written. Waiting costs no attempt.
void wait_until_quiet_ends(jobs::JobCall& call, const DeliveryId& id, Timestamp until) {
    call.record([id, until](Tx& tx) {
        tx.run(
            "UPDATE notification_deliveries SET waits_until = $2 WHERE tenant_id = :tenant AND id = $1 AND "
            "status = 'pending'",
            id, until);
        jobs::enqueue(tx, {.kind = deliver_letter, .payload = json::Value(id.text()), .run_at = until});
    });
}

void deliver(jobs::JobCall& call, const crypto::Keyring& keyring, const Carriers& carriers) {
    const DeliveryId id(call.job.payload.text_or_empty());
    const auto assignment = call.database.read(call.tenant, [&](Tx& tx) { return assignment_of(tx, id); });
    if (!assignment) return;
    if (assignment->quiet_until) return wait_until_quiet_ends(call, id, *assignment->quiet_until);
    Outcome outcome = attempt(*assignment, keyring, carriers);
    const bool is_to_retry = outcome.status == DeliveryStatus::pending && !call.job.is_last_attempt();
    if (!is_to_retry && outcome.status == DeliveryStatus::pending) {
        outcome.status = outcome.reached_devices.empty() ? DeliveryStatus::failed : DeliveryStatus::sent;
    }
    call.record([id, outcome](Tx& tx) { write_outcome(tx, id, outcome); });
    if (is_to_retry) throw jobs::Retry("The provider did not take it.", outcome.retry_after);
}

}  // namespace

void Delivery::describe(Fields& f) {
    f("id", id);
    f("notification_id", notification_id);
    f("user_id", user_id);
    f("channel", channel);
    f("template_name", template_name);
    f("category", category);
    f("is_critical", is_critical);
    f("address", address);
    f("subject", subject);
    f("status", status);
    f("attempts", attempts);
    f("provider_id", provider_id);
    f("error_class", error_class);
    f("created_at", created_at);
    f("waits_until", waits_until);
    f("sent_at", sent_at);
    f("delivered_at", delivered_at);
}

Page<Delivery> deliveries(Tx& tx, const DeliveryFilter& filter, const PageRequest& page) {
    return tx.page<Delivery>(
        page,
        "FROM notification_deliveries WHERE tenant_id = :tenant AND user_id = COALESCE($1, "
        "user_id) AND channel = COALESCE($2, channel) AND status = COALESCE($3, status)",
        "created_at DESC, id DESC", filter.user_id, filter.channel, filter.status);
}

Delivery delivery_of(Tx& tx, const DeliveryId& id) {
    auto found = tx.maybe<Delivery>("FROM notification_deliveries WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such notification.");
    return std::move(*found);
}

void handle_deliveries(jobs::Handlers& handlers, const crypto::Keyring& keyring, Carriers carriers) {
    handlers.add(deliver_letter, [&keyring, carriers = std::move(carriers)](jobs::JobCall& call) {
        deliver(call, keyring, carriers);
    });
    handle_reports(handlers);
}

bool record_report(Tx& tx, Channel channel, std::string_view provider_id, bool has_arrived) {
    const auto status = has_arrived ? DeliveryStatus::delivered : DeliveryStatus::failed;
    const auto delivered_at = has_arrived ? std::optional(tx.now()) : std::nullopt;
    return tx.run(
               "UPDATE notification_deliveries SET status = $3, error_class = $4, delivered_at = $5 WHERE "
               "tenant_id = :tenant AND channel = $1 AND provider_id = $2 AND status = 'sent'",
               channel, provider_id, status, has_arrived ? "" : "reported", delivered_at) > 0;
}

Delivery record_arrival(Tx& tx, const UserId& recipient, const DeliveryId& id) {
    const Delivery delivery = delivery_of(tx, id);
    require(delivery.user_id == recipient, not_found, "There is no such notification.");
    if (delivery.status == DeliveryStatus::delivered) return delivery;
    require(delivery.status == DeliveryStatus::sent, conflict, "The notification has not been sent.");
    tx.run(
        "UPDATE notification_deliveries SET status = $2, error_class = '', delivered_at = $3 WHERE tenant_id "
        "= :tenant AND id = $1",
        id, DeliveryStatus::delivered, tx.now());
    return delivery_of(tx, id);
}

}  // namespace pamoja::notifications
