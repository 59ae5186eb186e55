#include <algorithm>

#include "crypto/equal.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/face.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/platform.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "identity/people.hpp"
#include "notifications/reports.hpp"
#include "notifications/sending.hpp"

namespace pamoja::faces::upflame {
namespace {

using notifications::Delivery;

// The channels that a message can be asked for.
enum class MessageChannel { email, sms, push };
constexpr std::array<const char*, 3> names(MessageChannel) {
    return {"email", "sms", "push"};
}

notifications::Channel channel_of(MessageChannel channel) {
    return *value_named<notifications::Channel>(name_of(channel));
}

struct SendRequest {
    UserId recipient_user_id;
    std::string template_name;
    MessageChannel channel = MessageChannel::email;
    json::Value variables{json::Object()};

    void describe(Fields& f) {
        f("recipient_user_id", recipient_user_id);
        f("template_name", template_name).length(1, 50);
        f("channel", channel);
        f.optional("variables", variables).doc("an object of texts and numbers");
    }
};

std::vector<notifications::Variable> variables_of(const SendRequest& request) {
    constexpr std::size_t variables_max = 100;
    const json::Object* members = request.variables.object();
    require_field(members != nullptr, "variables", "invalid", "Variables are an object.");
    require_field(members->size() <= variables_max, "variables", "too_long", "There are too many variables.");
    std::vector<notifications::Variable> variables;
    for (const auto& [name, value] : *members) {
        require_field(value.string() != nullptr || value.number() != nullptr, "variables." + name, "invalid",
                      "A variable is a text or a number.");
        variables.push_back({name, value.text_or_empty()});
    }
    return variables;
}

identity::Person recipient_of(Call& call, const SendRequest& request) {
    auto found = identity::people_of(call.tx, {request.recipient_user_id});
    require_field(!found.empty(), "recipient_user_id", "unknown", "There is no such user.");
    return std::move(found.front());
}

struct SentView {
    notifications::DeliveryId notification_id;
    notifications::DeliveryStatus status = notifications::DeliveryStatus::pending;
    std::string message;

    void describe(Fields& f) {
        f("notification_id", notification_id);
        f("status", status);
        f("message", message);
    }
};

const char* sentence_of(const Delivery& delivery) {
    if (delivery.status == notifications::DeliveryStatus::failed)
        return "The recipient does not want notifications of this type on this channel";
    return delivery.waits_until ? "Notification waits for the end of the recipient's quiet hours"
                                : "Notification queued for delivery";
}

SentView send_notification(Call& call, const SendRequest& request) {
    guard(call, "notification", "send",
          {{"notification",
            json::Value(json::Object{{"template_name", json::Value(request.template_name)},
                                     {"channel", json::Value(name_of(request.channel))},
                                     {"recipient_id", json::Value(request.recipient_user_id.text())}})}});
    const auto recipient = recipient_of(call, request);
    const auto delivery = notifications::send(call.tx,
                                              {.recipient = recipient.id,
                                               .template_name = request.template_name,
                                               .channel = channel_of(request.channel),
                                               .variables = variables_of(request),
                                               .email = recipient.email,
                                               .phone = recipient.phone},
                                              call.services.keyring);
    note(call, call.actor().user_id, "notification.send", "notification:" + delivery.id.text());
    return {delivery.id, delivery.status, sentence_of(delivery)};
}

struct NotificationView {
    Delivery delivery;

    void describe(Fields& f) {
        f("id", delivery.id);
        // A push goes to the devices that the recipient has at the time.
        if (delivery.address.empty()) {
            f("recipient", delivery.user_id);
        } else {
            f("recipient", delivery.address);
        }
        f("recipient_user_id", delivery.user_id);
        f("channel", delivery.channel);
        f("template_name", delivery.template_name);
        f("notification_type", delivery.category);
        f("subject", delivery.subject);
        f("status", delivery.status);
        f("provider_message_id", delivery.provider_id);
        f("failure", delivery.error_class).doc("why it failed, or was not taken yet; else empty");
        f("created_at", delivery.created_at);
        f("waits_until", delivery.waits_until).doc("the end of the recipient's quiet hours");
        f("sent_at", delivery.sent_at);
        f("delivered_at", delivery.delivered_at);
    }
};

// One's own, or with permission everybody's. What is another's does not exist.
NotificationView show_notification(Call& call) {
    const auto delivery = notifications::delivery_of(call.tx, call.path<notifications::DeliveryId>());
    const bool is_own = delivery.user_id == call.actor().user_id;
    require(is_own || may(call, "notification", "read"), not_found, "There is no such notification.");
    return {delivery};
}

struct NotificationQuery {
    std::optional<UserId> user_id;
    std::optional<MessageChannel> channel;
    std::optional<notifications::DeliveryStatus> status;
    PageQuery page;

    void describe(Fields& f) {
        f("user_id", user_id).doc("whose; your own unless you may read everybody's");
        f("channel", channel);
        f("status", status);
        f.include(page);
    }
};

Listed<NotificationView> list_notifications(Call& call, const NotificationQuery& query) {
    const bool sees_all = may(call, "notification", "read");
    notifications::DeliveryFilter filter{.user_id = query.user_id, .status = query.status};
    if (query.channel) filter.channel = channel_of(*query.channel);
    if (!sees_all) filter.user_id = call.actor().user_id;
    return listed<NotificationView>(notifications::deliveries(call.tx, filter, query.page.request()));
}

NotificationView report_arrival(Call& call) {
    return {
        notifications::record_arrival(call.tx, call.actor().user_id, call.path<notifications::DeliveryId>())};
}

struct ReportAddressView {
    std::string sms_report_url;

    void describe(Fields& f) {
        f("sms_report_url", sms_report_url).doc("the delivery report callback to set up at the SMS gateway");
    }
};

// The gateway signs nothing, so the address is the secret, and only the platform's own people may see it.
ReportAddressView show_report_address(Call& call) {
    const auto& services = services_of(call);
    require_platform(services, call.tx.tenant());
    return {services.public_base_url + "/v1/hooks/" + services.hook_secret + "/sms-reports"};
}

// What Africa's Talking posts of an SMS.
struct SmsReport {
    static constexpr bool is_url_encoded = true;
    std::string id;
    std::string status;

    void describe(Fields& f) {
        f("id", id).length(1, 100);
        f("status", status).length(1, 50);
    }
};

// "Sent" and "Buffered" say that it is still on its way.
std::optional<bool> has_arrived(std::string_view status) {
    if (status == "Success") return true;
    constexpr std::array lost{"Failed", "Rejected", "AbsentSubscriber", "Expired"};
    if (std::ranges::find(lost, status) != lost.end()) return false;
    return std::nullopt;
}

MessageView take_sms_report(Call& call, const SmsReport& report) {
    const std::string& secret = services_of(call).hook_secret;
    require(!secret.empty() && crypto::constant_time_equal(call.path_values.at(0), secret), not_found,
            "There is nothing at this address.");
    if (const auto arrived = has_arrived(report.status))
        notifications::take_report(call.tx, {notifications::Channel::sms, report.id, *arrived});
    return {"Report received"};
}

}  // namespace

void mount_notifications(Api& api) {
    api.section("Notifications");
    api.post("/notifications/send", send_notification)
        .named("notification_send")
        .summary("Send a user a message by one of the tenant's templates")
        .idempotent()
        .created();
    api.get("/notifications", list_notifications)
        .named("notification_list")
        .summary("Messages and what became of them")
        .addition();
    api.get("/notifications/{id}", show_notification)
        .named("notification_show")
        .summary("One message and what became of it");
    api.post("/notifications/{id}/receipt", report_arrival)
        .named("notification_receipt")
        .summary("Report that a message arrived, from the recipient's own app")
        .addition();
    api.get("/notifications/report-address", show_report_address)
        .named("report_address_show")
        .summary("Where the SMS gateway is to post its delivery reports")
        .open_to({std::string(platform_admin)})
        .addition();
    api.post("/hooks/{secret}/sms-reports", take_sms_report)
        .named("hook_sms_report")
        .summary("The SMS gateway's delivery reports")
        .open_to_anyone()
        .unlimited()
        .addition();
}

}  // namespace pamoja::faces::upflame
