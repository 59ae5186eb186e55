#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"
#include "notifications/devices.hpp"
#include "notifications/preferences.hpp"
#include "notifications/quiet_hours.hpp"

namespace pamoja::faces::upflame {
namespace {

enum class PreferredChannel { email, sms, push };
constexpr std::array<const char*, 3> names(PreferredChannel) {
    return {"email", "sms", "push"};
}

struct PreferenceRequest {
    std::string notification_type;
    PreferredChannel channel = PreferredChannel::email;
    bool is_enabled = true;

    void describe(Fields& f) {
        f("notification_type", notification_type).length(1, 50);
        f("channel", channel);
        f("is_enabled", is_enabled);
    }
};

MessageView change_preference(Call& call, const PreferenceRequest& request) {
    const UserId& user = call.actor().user_id;
    notifications::prefer(
        call.tx, user,
        {request.notification_type, *value_named<notifications::Channel>(name_of(request.channel)),
         request.is_enabled});
    note(call, user, "notification_preference.update", "user:" + user.text(),
         {{"notification_type", json::Value(request.notification_type)},
          {"channel", json::Value(name_of(request.channel))},
          {"is_enabled", json::Value(request.is_enabled)}});
    return {"Notification preferences updated successfully"};
}

struct PreferenceView {
    notifications::Preference preference;

    void describe(Fields& f) {
        f("notification_type", preference.category);
        f("channel", preference.channel);
        f("is_enabled", preference.is_wanted);
    }
};

std::vector<PreferenceView> list_preferences(Call& call) {
    std::vector<PreferenceView> views;
    for (auto& each : notifications::preferences_of(call.tx, call.actor().user_id))
        views.push_back({std::move(each)});
    return views;
}

struct QuietHoursRequest {
    std::string start;
    std::string end;
    std::string time_zone = "UTC";

    void describe(Fields& f) {
        f("start", start).length(5, 5).doc("local time of day: 22:00");
        f("end", end).length(5, 5).doc("before the start: of the next day");
        f.optional("time_zone", time_zone).length(1, 64).doc("IANA: Asia/Kolkata");
    }
};

// Nothing but nulls when there are none.
struct QuietHoursView {
    std::optional<std::string> start;
    std::optional<std::string> end;
    std::optional<std::string> time_zone;

    void describe(Fields& f) {
        f("start", start);
        f("end", end);
        f("time_zone", time_zone);
    }
};

QuietHoursView show_quiet_hours(Call& call) {
    const auto hours = notifications::quiet_hours_of(call.tx, call.actor().user_id);
    if (!hours) return {};
    return {notifications::time_of_day_text(hours->start_minute),
            notifications::time_of_day_text(hours->end_minute), hours->time_zone};
}

int minute_in(std::string_view text, std::string_view field) {
    const auto minute = notifications::minute_of_day(text);
    require_field(minute.has_value(), field, "invalid", "Write a time of day as 22:00.");
    return *minute;
}

QuietHoursView change_quiet_hours(Call& call, const QuietHoursRequest& request) {
    const UserId& user = call.actor().user_id;
    notifications::keep_quiet(
        call.tx, user, {minute_in(request.start, "start"), minute_in(request.end, "end"), request.time_zone});
    note(call, user, "quiet_hours.update", "user:" + user.text());
    return show_quiet_hours(call);
}

MessageView drop_quiet_hours(Call& call) {
    const UserId& user = call.actor().user_id;
    notifications::end_quiet(call.tx, user);
    note(call, user, "quiet_hours.delete", "user:" + user.text());
    return {"Quiet hours removed"};
}

// The token stays out of answers: whoever has it can send to the device's app.
struct DeviceView {
    notifications::Device device;

    void describe(Fields& f) {
        f("id", device.id);
        f("platform", device.platform);
        f("name", device.name);
        f("created_at", device.created_at);
        f("updated_at", device.updated_at);
    }
};

DeviceView add_device(Call& call, const notifications::NewDevice& request) {
    const auto device = notifications::register_device(call.tx, call.actor().user_id, request);
    note(call, call.actor().user_id, "device.register", "device:" + device.id.text());
    return {device};
}

std::vector<DeviceView> list_devices(Call& call) {
    std::vector<DeviceView> views;
    for (auto& each : notifications::devices_of(call.tx, call.actor().user_id))
        views.push_back({std::move(each)});
    return views;
}

MessageView drop_device(Call& call) {
    const auto id = call.path<notifications::DeviceId>();
    notifications::remove_device(call.tx, call.actor().user_id, id);
    note(call, call.actor().user_id, "device.remove", "device:" + id.text());
    return {"Device removed"};
}

}  // namespace

void mount_notification_settings(Api& api) {
    api.section("Notifications");
    api.put("/notifications/preferences", change_preference)
        .named("preference_update")
        .summary("Want messages of a type on a channel, or not");
    api.get("/notifications/preferences", list_preferences)
        .named("preference_list")
        .summary("What you have said of types and channels; what is not listed is wanted")
        .addition();
    api.get("/notifications/quiet-hours", show_quiet_hours)
        .named("quiet_hours_show")
        .summary("When you are not to be disturbed")
        .addition();
    api.put("/notifications/quiet-hours", change_quiet_hours)
        .named("quiet_hours_update")
        .summary("Let all but critical messages wait for the end of these hours")
        .addition();
    api.remove("/notifications/quiet-hours", drop_quiet_hours)
        .named("quiet_hours_delete")
        .summary("Take messages at any time")
        .addition();
    api.post("/notifications/devices", add_device)
        .named("device_create")
        .summary("Register a device for pushes")
        .idempotent()
        .created()
        .addition();
    api.get("/notifications/devices", list_devices).named("device_list").summary("Your devices").addition();
    api.remove("/notifications/devices/{id}", drop_device)
        .named("device_delete")
        .summary("Send a device nothing more")
        .addition();
}

}  // namespace pamoja::faces::upflame
