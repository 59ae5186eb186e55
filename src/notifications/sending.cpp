#include "notifications/sending.hpp"

#include "jobs/queue.hpp"
#include "notifications/devices.hpp"
#include "notifications/internal/delivery_row.hpp"
#include "notifications/internal/sealed_letter.hpp"
#include "notifications/preferences.hpp"
#include "notifications/quiet_hours.hpp"

namespace pamoja::notifications {
namespace {

// Pushes have none: who has which devices is asked when they go out.
std::string address_of(Tx& tx, const Message& message) {
    constexpr const char* field = "recipient_user_id";
    switch (message.channel) {
        case Channel::email:
            require_field(!message.email.empty(), field, "unreachable", "The user has no mail address.");
            return message.email;
        case Channel::sms:
            require_field(!message.phone.empty(), field, "unreachable", "The user has no phone number.");
            return message.phone;
        case Channel::push:
            require_field(!devices_of(tx, message.recipient).empty(), field, "unreachable",
                          "The user has no device that takes pushes.");
            return {};
        case Channel::in_app:
            break;
    }
    require_field(false, "channel", "invalid", "A message goes out by email, sms or push.");
    return {};
}

WrittenTemplate template_for(Tx& tx, const Message& message) {
    auto found = template_named(tx, message.template_name, message.channel);
    require_field(found.has_value(), "template_name", "unknown",
                  "There is no such template for the channel.");
    return std::move(*found);
}

}  // namespace

Delivery send(Tx& tx, const Message& message, const crypto::Keyring& keyring) {
    const WrittenTemplate form = template_for(tx, message);
    const Letter letter = render(form, message.variables);
    DeliveryRow row;
    Delivery& delivery = row.delivery;
    delivery.id = tx.new_id<DeliveryId>();
    delivery.user_id = message.recipient;
    delivery.channel = form.channel;
    delivery.template_name = form.name;
    delivery.category = form.category;
    delivery.is_critical = form.is_critical;
    delivery.address = address_of(tx, message);
    delivery.subject = letter.title;
    delivery.created_at = tx.now();
    if (!form.is_critical && !is_wanted(tx, message.recipient, form.category, form.channel)) {
        delivery.status = DeliveryStatus::failed;
        delivery.error_class = "unwanted";
        tx.insert("notification_deliveries", row);
        return delivery;
    }
    if (!form.is_critical) delivery.waits_until = quiet_until(tx, message.recipient, tx.now());
    row.sealed_letter = seal_letter(letter, delivery.id, keyring, tx.random());
    tx.insert("notification_deliveries", row);
    jobs::enqueue(
        tx,
        {.kind = deliver_letter, .payload = json::Value(delivery.id.text()), .run_at = delivery.waits_until});
    return delivery;
}

}  // namespace pamoja::notifications
