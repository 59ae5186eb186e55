#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/seeds.hpp"
#include "faces/upflame/views.hpp"
#include "notifications/written_template.hpp"

namespace pamoja::faces::upflame {
namespace {

using notifications::TemplateId;
using notifications::TemplateText;

struct TemplateView {
    notifications::WrittenTemplate written;

    void describe(Fields& f) {
        f("id", written.id);
        f("name", written.name);
        f("channel", written.channel);
        f("notification_type", written.category);
        f("subject", written.subject);
        f("text", written.text);
        f("html", written.html);
        f("variables", written.variables);
        f("is_critical", written.is_critical);
        f("created_at", written.created_at);
        f("updated_at", written.updated_at);
    }
};

void note_template(Call& call, const char* action, const TemplateId& id) {
    note(call, call.actor().user_id, action, "notification_template:" + id.text());
}

TemplateView create_template(Call& call, const TemplateText& request) {
    const auto written = notifications::write_template(call.tx, request);
    note_template(call, "notification_template.create", written.id);
    return {written};
}

Listed<TemplateView> list_templates(Call& call, const PageQuery& page) {
    return listed<TemplateView>(notifications::templates(call.tx, page.request()));
}

TemplateView show_template(Call& call) {
    return {notifications::template_of(call.tx, call.path<TemplateId>())};
}

TemplateView change_template(Call& call, const TemplateText& request) {
    const auto written = notifications::rewrite_template(call.tx, call.path<TemplateId>(), request);
    note_template(call, "notification_template.update", written.id);
    return {written};
}

MessageView drop_template(Call& call) {
    const auto id = call.path<TemplateId>();
    notifications::remove_template(call.tx, id);
    note_template(call, "notification_template.delete", id);
    return {"Template removed"};
}

const TemplateText booking_confirmation{
    .name = "booking_confirmation",
    .channel = notifications::Channel::email,
    .category = "booking_updates",
    .subject = "Booking Confirmation - {{booking_reference}}",
    .text =
        "Your booking {{booking_reference}} is confirmed.\n\nService: {{service_name}}\nProvider: "
        "{{provider_name}}\nTime: {{scheduled_time}}\n",
    .html =
        "<p>Your booking <b>{{booking_reference}}</b> is confirmed.</p><ul><li>Service: "
        "{{service_name}}</li><li>Provider: {{provider_name}}</li><li>Time: "
        "{{scheduled_time}}</li></ul>",
    .variables = {"booking_reference", "service_name", "provider_name", "scheduled_time"}};

}  // namespace

void seed_notification_templates(Tx& tx) {
    TemplateText wanted = booking_confirmation;
    for (const auto channel :
         {notifications::Channel::email, notifications::Channel::sms, notifications::Channel::push}) {
        wanted.channel = channel;
        if (channel != notifications::Channel::email) {
            wanted.html.clear();
            wanted.text =
                "{{service_name}} with {{provider_name}} at {{scheduled_time}} is confirmed: "
                "{{booking_reference}}.";
        }
        if (!notifications::template_named(tx, wanted.name, channel))
            notifications::write_template(tx, wanted);
    }
}

void mount_notification_templates(Api& api) {
    api.section("Notifications");
    api.post("/notification-templates", create_template)
        .named("notification_template_create")
        .summary("Write a template for a channel")
        .needs("notification_template.create")
        .idempotent()
        .created()
        .addition();
    api.get("/notification-templates", list_templates)
        .named("notification_template_list")
        .summary("The tenant's templates")
        .needs("notification_template.read")
        .addition();
    api.get("/notification-templates/{id}", show_template)
        .named("notification_template_show")
        .summary("One template")
        .needs("notification_template.read")
        .addition();
    api.put("/notification-templates/{id}", change_template)
        .named("notification_template_update")
        .summary("Write a template anew")
        .needs("notification_template.update")
        .addition();
    api.remove("/notification-templates/{id}", drop_template)
        .named("notification_template_delete")
        .summary("Remove a template")
        .needs("notification_template.delete")
        .addition();
}

}  // namespace pamoja::faces::upflame
