#include "notifications/notifier.hpp"

#include <algorithm>

#include "jobs/queue.hpp"
#include "notifications/inbox.hpp"
#include "notifications/internal/delivery_row.hpp"
#include "notifications/internal/sealed_letter.hpp"
#include "notifications/preferences.hpp"
#include "notifications/quiet_hours.hpp"

namespace pamoja::notifications {
namespace {

const std::string& address_of(const Notice& notice, Channel channel) {
    static const std::string none;
    switch (channel) {
        case Channel::email:
            return notice.email;
        case Channel::sms:
            return notice.phone;
        case Channel::push:
            return notice.push_token;
        case Channel::in_app:
            return none;
    }
    return none;
}

bool may_send(Tx& tx, const Notice& notice, const Template& form) {
    return form.is_critical || is_wanted(tx, notice.user_id, form.category, form.channel);
}

}  // namespace

Notifier::Notifier(std::span<const Template> templates, const crypto::Keyring& keyring)
    : templates_(templates), keyring_(keyring) {
    for (const Template& each : templates_) {
        if (find(each.name, each.channel) != &each)
            throw std::logic_error("two templates are called " + std::string(each.name));
    }
}

const Template* Notifier::find(std::string_view name, Channel channel) const {
    const auto found = std::ranges::find_if(
        templates_, [&](const Template& each) { return each.name == name && each.channel == channel; });
    return found != templates_.end() ? &*found : nullptr;
}

std::optional<NotificationId> Notifier::notify(Tx& tx, const Notice& notice) const {
    std::optional<NotificationId> id;
    const Template* inbox = find(notice.template_name, Channel::in_app);
    if (inbox != nullptr && may_send(tx, notice, *inbox)) id = put_into_inbox(tx, *inbox, notice);
    for (const Channel channel : notice.channels) {
        const Template* form = find(notice.template_name, channel);
        if (form == nullptr) {
            throw std::logic_error("no template of that channel is called " +
                                   std::string(notice.template_name));
        }
        if (!address_of(notice, channel).empty() && may_send(tx, notice, *form))
            deliver_later(tx, *form, notice, id);
    }
    return id;
}

NotificationId Notifier::put_into_inbox(Tx& tx, const Template& form, const Notice& notice) const {
    if (notice.channels.empty()) throw std::logic_error("a notice names no channel");
    // Only the plain variables: the inbox is kept for good.
    Letter letter = render(form, notice.variables);
    Notification row;
    row.id = tx.new_id<NotificationId>();
    row.user_id = notice.user_id;
    row.channel = notice.channels.front();
    row.category = form.category;
    row.template_name = form.name;
    row.title = std::move(letter.title);
    row.message = std::move(letter.text);
    row.data = notice.data;
    row.created_at = tx.now();
    tx.insert("notifications", row);
    return row.id;
}

void Notifier::deliver_later(Tx& tx, const Template& form, const Notice& notice,
                             const std::optional<NotificationId>& notification) const {
    std::vector<Variable> variables = notice.variables;
    variables.insert(variables.end(), notice.secrets.begin(), notice.secrets.end());
    DeliveryRow row;
    row.delivery.id = tx.new_id<DeliveryId>();
    row.delivery.notification_id = notification;
    row.delivery.user_id = notice.user_id;
    row.delivery.channel = form.channel;
    row.delivery.template_name = form.name;
    row.delivery.address = address_of(notice, form.channel);
    row.delivery.created_at = tx.now();
    row.delivery.category = form.category;
    row.delivery.is_critical = form.is_critical;
    const Letter letter = render(form, variables);
    if (notice.secrets.empty()) row.delivery.subject = letter.title;
    if (!form.is_critical) row.delivery.waits_until = quiet_until(tx, notice.user_id, tx.now());
    row.sealed_letter = seal_letter(letter, row.delivery.id, keyring_, tx.random());
    tx.insert("notification_deliveries", row);
    jobs::enqueue(tx, {.kind = deliver_letter,
                       .payload = json::Value(row.delivery.id.text()),
                       .run_at = row.delivery.waits_until});
}

}  // namespace pamoja::notifications
