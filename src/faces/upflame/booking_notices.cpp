#include "faces/upflame/booking_notices.hpp"

#include <algorithm>

#include "bookings/booking.hpp"
#include "identity/people.hpp"
#include "jobs/queue.hpp"
#include "notifications/sending.hpp"

namespace pamoja::faces::upflame {
namespace {

using notifications::Channel;

constexpr jobs::Kind booking_notice_job{"upflame.booking_notice"};

struct Occasion {
    const char* event;
    const char* template_name;
};
constexpr std::array<Occasion, 5> occasions{{{"booking.confirmed", "booking_confirmation"},
                                             {"booking.declined", "booking_declined"},
                                             {"booking.expired", "booking_declined"},
                                             {"booking.cancelled", "booking_cancelled"},
                                             {"booking.reminder", "booking_reminder"}}};

std::string value_of(const std::string& name, const json::Value& event, const providers::Provider& provider) {
    if (name == "provider_name") return provider.name();
    const auto* value = event.find(name);
    return value != nullptr ? value->text_or_empty() : std::string();
}

void send_notice(Tx& tx, const jobs::Event& event, const crypto::Keyring& keyring) {
    const auto* occasion = std::ranges::find(occasions, event.name, &Occasion::event);
    if (occasion == occasions.end()) return;
    const auto form = notifications::template_named(tx, occasion->template_name, Channel::email);
    const auto booking =
        bookings::booking_with(tx, bookings::BookingId(event.data.find("booking_id")->text_or_empty()));
    const auto person = identity::person_of(tx, booking.customer_id);
    if (!form || person.email.empty()) return;
    const auto provider = providers::provider_with(tx, booking.provider_id);
    std::vector<notifications::Variable> variables;
    for (const auto& name : form->variables)
        variables.push_back({name, value_of(name, event.data, provider)});
    notifications::send(tx,
                        {.recipient = person.id,
                         .template_name = occasion->template_name,
                         .channel = Channel::email,
                         .variables = std::move(variables),
                         .email = person.email,
                         .phone = person.phone},
                        keyring);
}

notifications::TemplateText wording(const char* name, const char* subject, const char* text) {
    return {.name = name,
            .category = "booking_updates",
            .subject = subject,
            .text = text,
            .variables = {"booking_reference", "service_name", "provider_name", "scheduled_time"}};
}

}  // namespace

void handle_booking_notices(jobs::Handlers& handlers, const crypto::Keyring& keyring) {
    handlers.add(booking_notice_job,
                 [&keyring](Tx& tx, const jobs::Job& job) { send_notice(tx, jobs::event_of(job), keyring); });
    for (const auto& occasion : occasions) handlers.subscribe(occasion.event, booking_notice_job);
}

void seed_booking_templates(Tx& tx) {
    const std::array wordings{
        wording("booking_declined", "Booking {{booking_reference}} could not be confirmed",
                "{{provider_name}} cannot take your booking {{booking_reference}} of {{service_name}} at "
                "{{scheduled_time}}.\n"),
        wording("booking_cancelled", "Booking {{booking_reference}} has been cancelled",
                "Your booking {{booking_reference}} of {{service_name}} with {{provider_name}} at "
                "{{scheduled_time}} has been cancelled.\n"),
        wording("booking_reminder", "Reminder: {{service_name}} with {{provider_name}}",
                "Your booking {{booking_reference}} of {{service_name}} with {{provider_name}} begins at "
                "{{scheduled_time}}.\n"),
    };
    for (const auto& text : wordings) {
        if (!notifications::template_named(tx, text.name, text.channel))
            notifications::write_template(tx, text);
    }
}

}  // namespace pamoja::faces::upflame
