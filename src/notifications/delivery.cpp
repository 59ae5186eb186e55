#include "notifications/delivery.hpp"

#include "notifications/internal/delivery_row.hpp"
#include "notifications/internal/sealed_letter.hpp"

namespace pamoja::notifications {
namespace {

// How one attempt to deliver ended, as the log says it.
struct Outcome {
    DeliveryStatus status = DeliveryStatus::pending;
    std::string provider_id;
    std::string error_class;
};

std::optional<DeliveryRow> pending_row(Tx& tx, const DeliveryId& id) {
    return tx.maybe<DeliveryRow>(
        "FROM notification_deliveries WHERE tenant_id = :tenant AND id = $1 AND status = 'pending'", id);
}

// The letter is blanked as soon as it is out or given up: codes and links in it must not stay.
void write_outcome(Tx& tx, const DeliveryId& id, const Outcome& outcome) {
    const bool is_over = outcome.status != DeliveryStatus::pending;
    const auto sent_at = outcome.status == DeliveryStatus::sent ? std::optional(tx.now()) : std::nullopt;
    tx.run(
        "UPDATE notification_deliveries SET status = $2, provider_id = $3, error_class = $4, sent_at = $5, "
        "attempts = attempts + 1 WHERE tenant_id = :tenant AND id = $1 AND status = 'pending'",
        id, outcome.status, outcome.provider_id, outcome.error_class, sent_at);
    if (is_over) {
        tx.run("UPDATE notification_deliveries SET sealed_letter = '' WHERE tenant_id = :tenant AND id = $1",
               id);
    }
}

Outcome outcome_of(const Receipt& receipt) {
    switch (receipt.carried) {
        case Carried::sent:
            return {DeliveryStatus::sent, receipt.provider_id, ""};
        case Carried::unknown:
            return {DeliveryStatus::sent, receipt.provider_id, "unknown"};
        case Carried::temporary:
            return {DeliveryStatus::pending, "", "temporary"};
        case Carried::permanent:
            return {DeliveryStatus::failed, receipt.provider_id, "permanent"};
    }
    return {};
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

Outcome attempt(const DeliveryRow& row, const crypto::Keyring& keyring, const Carriers& carriers) {
    const Carrier& carrier = carrier_for(carriers, row.delivery.channel);
    if (!carrier) return {DeliveryStatus::failed, "", "no_carrier"};
    const auto letter = open_letter(row.sealed_letter, row.delivery.id, keyring);
    if (!letter) return {DeliveryStatus::failed, "", "unreadable"};
    return outcome_of(carrier(row.delivery.address, *letter));
}

void deliver(jobs::JobCall& call, const crypto::Keyring& keyring, const Carriers& carriers) {
    const DeliveryId id(call.job.payload.text_or_empty());
    const auto row = call.database.read(call.tenant, [&](Tx& tx) { return pending_row(tx, id); });
    if (!row) return;
    Outcome outcome = attempt(*row, keyring, carriers);
    const bool is_to_retry = outcome.status == DeliveryStatus::pending && !call.job.is_last_attempt();
    if (!is_to_retry && outcome.status == DeliveryStatus::pending) outcome.status = DeliveryStatus::failed;
    call.record([id, outcome](Tx& tx) { write_outcome(tx, id, outcome); });
    if (is_to_retry) throw jobs::Retry("The provider did not take it.");
}

}  // namespace

void Delivery::describe(Fields& f) {
    f("id", id);
    f("notification_id", notification_id);
    f("user_id", user_id);
    f("channel", channel);
    f("template_name", template_name);
    f("address", address);
    f("status", status);
    f("attempts", attempts);
    f("provider_id", provider_id);
    f("error_class", error_class);
    f("created_at", created_at);
    f("sent_at", sent_at);
}

Page<Delivery> deliveries(Tx& tx, const DeliveryFilter& filter, const PageRequest& page) {
    return tx.page<Delivery>(
        page,
        "FROM notification_deliveries WHERE tenant_id = :tenant AND user_id = COALESCE($1, "
        "user_id) AND channel = COALESCE($2, channel) AND status = COALESCE($3, status)",
        "created_at DESC, id DESC", filter.user_id, filter.channel, filter.status);
}

void handle_deliveries(jobs::Handlers& handlers, const crypto::Keyring& keyring, Carriers carriers) {
    handlers.add(deliver_letter, [&keyring, carriers = std::move(carriers)](jobs::JobCall& call) {
        deliver(call, keyring, carriers);
    });
}

bool record_report(Tx& tx, Channel channel, std::string_view provider_id, bool has_arrived) {
    const auto status = has_arrived ? DeliveryStatus::delivered : DeliveryStatus::failed;
    return tx.run(
               "UPDATE notification_deliveries SET status = $3, error_class = $4 WHERE tenant_id = :tenant "
               "AND "
               "channel = $1 AND provider_id = $2 AND status = 'sent'",
               channel, provider_id, status, has_arrived ? "" : "reported") > 0;
}

}  // namespace pamoja::notifications
