#include "bookings/slots.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/provider_views.hpp"
#include "faces/upflame/views.hpp"

namespace pamoja::faces::upflame {
namespace {

constexpr int slot_days_usual = 7;

void note_change(Call& call, const char* action, const providers::Provider& provider) {
    note(call, call.actor().user_id, action, "provider:" + provider.id.text());
}

struct WeekRequest {
    std::vector<providers::WeeklyHours> availability;
    std::optional<std::string> time_zone;

    void describe(Fields& f) {
        f("availability", availability).length(0, providers::weekly_hours_max);
        f("time_zone", time_zone).length(1, 64);
    }
};

struct WeekView {
    providers::ProviderId provider_id;
    std::string time_zone;
    std::vector<providers::WeeklyHours> availability;

    void describe(Fields& f) {
        f("provider_id", provider_id);
        f("time_zone", time_zone);
        f("availability", availability);
    }
};

WeekView show_week(Call& call) {
    const auto provider = visible_provider(call);
    return {provider.id, provider.time_zone, providers::weekly_hours_of(call.tx, provider.id)};
}

WeekView set_week(Call& call, const WeekRequest& request) {
    auto provider = changeable_provider(call, "update");
    if (request.time_zone)
        provider = providers::change_provider(call.tx, provider.id, {.time_zone = request.time_zone});
    providers::set_weekly_hours(call.tx, provider.id, request.availability);
    note_change(call, "provider.set_availability", provider);
    return show_week(call);
}

struct OverrideRequest {
    std::vector<providers::WorkingTime> hours;
    std::string reason;

    void describe(Fields& f) {
        f("hours", hours).length(0, 12).doc("No hours: the day is off");
        f.optional("reason", reason).length(0, 200);
    }
};

struct OverrideView {
    providers::DateOverride shown;

    void describe(Fields& f) {
        f("date", shown.date);
        f("hours", shown.hours);
        f("reason", shown.reason);
    }
};

Date date_in_path(const Call& call) {
    const auto date = Date::parse(call.path_values.at(1));
    require_field(date.has_value(), "date", "invalid", "must be a date such as 2025-11-25");
    return *date;
}

OverrideView set_override(Call& call, const OverrideRequest& request) {
    const auto provider = changeable_provider(call, "update");
    const auto made =
        providers::set_override(call.tx, provider.id, date_in_path(call), request.hours, request.reason);
    note_change(call, "provider.set_override", provider);
    return {made};
}

MessageView remove_override(Call& call) {
    const auto provider = changeable_provider(call, "update");
    providers::remove_override(call.tx, provider.id, date_in_path(call));
    note_change(call, "provider.remove_override", provider);
    return {"The weekly plan holds again"};
}

Listed<OverrideView> list_overrides(Call& call, const PageQuery& query) {
    const auto provider = visible_provider(call);
    return listed<OverrideView>(providers::overrides_of(
        call.tx, provider.id, local_date(call.tx.now(), provider.time_zone), query.request()));
}

struct TimeOffRequest {
    Timestamp starts_at;
    Timestamp ends_at;
    std::string reason;

    void describe(Fields& f) {
        f("starts_at", starts_at);
        f("ends_at", ends_at);
        f.optional("reason", reason).length(0, 200);
    }
};

struct TimeOffView {
    providers::TimeOff shown;

    void describe(Fields& f) {
        f("id", shown.id);
        f("starts_at", shown.starts_at);
        f("ends_at", shown.ends_at);
        f("reason", shown.reason);
    }
};

TimeOffView add_time_off(Call& call, const TimeOffRequest& request) {
    const auto provider = changeable_provider(call, "update");
    const auto made =
        providers::add_time_off(call.tx, provider.id, request.starts_at, request.ends_at, request.reason);
    note_change(call, "provider.add_time_off", provider);
    return {made};
}

MessageView remove_time_off(Call& call) {
    const auto provider = changeable_provider(call, "update");
    providers::remove_time_off(call.tx, provider.id, call.path<providers::TimeOffId>(1));
    note_change(call, "provider.remove_time_off", provider);
    return {"Time off removed"};
}

// Why somebody is away is nobody else's business.
Listed<TimeOffView> list_time_off(Call& call, const PageQuery& query) {
    const auto provider = changeable_provider(call, "update");
    return listed<TimeOffView>(providers::time_off_of(call.tx, provider.id, call.tx.now(), query.request()));
}

struct SlotQuery {
    providers::ServiceId service_id;
    std::optional<Date> from;
    std::optional<Date> to;
    bool explain = false;

    void describe(Fields& f) {
        f("service_id", service_id);
        f("from", from).doc("A local date of the provider's; today when absent");
        f("to", to).doc("The last date, at most 30 days later; six days later when absent");
        f.optional("explain", explain).doc("Whether to say why the other slots are missing");
    }
};

struct SlotView {
    bookings::Slot slot;
    std::optional<Timestamp> scheduled_at;
    std::optional<Timestamp> ends_at;

    SlotView() = default;
    explicit SlotView(const bookings::Slot& shown) : slot(shown) {
        if (!slot.time) return;
        scheduled_at = slot.time->begin;
        ends_at = slot.time->end;
    }
    void describe(Fields& f) {
        f("scheduled_at", scheduled_at);
        f("ends_at", ends_at);
        f("local_start", slot.local_start);
        f("local_end", slot.local_end);
        f("seats_free", slot.seats_free);
    }
};

struct MissingSlotView {
    SlotView slot;

    void describe(Fields& f) {
        f("scheduled_at", slot.scheduled_at);
        f("local_start", slot.slot.local_start);
        f("reasons", slot.slot.obstacles);
    }
};

struct SlotsView {
    providers::ProviderId provider_id;
    providers::ServiceId service_id;
    std::string time_zone;
    std::vector<SlotView> slots;
    std::optional<std::vector<MissingSlotView>> missing;

    void describe(Fields& f) {
        f("provider_id", provider_id);
        f("service_id", service_id);
        f("time_zone", time_zone);
        f("slots", slots);
        f("missing", missing).omitted_when_absent();
    }
};

SlotsView show_slots(Call& call, const SlotQuery& query) {
    const auto provider = visible_provider(call);
    const auto service = providers::service_of(call.tx, provider.id, query.service_id);
    const Date from = query.from.value_or(local_date(call.tx.now(), provider.time_zone));
    const Date to = query.to.value_or(from.plus_days(slot_days_usual - 1));
    const auto naming =
        is_of_provider_side(call, provider) ? bookings::Naming::by_reference : bookings::Naming::anonymous;
    SlotsView view{provider.id, service.id, provider.time_zone, {}, {}};
    if (query.explain) view.missing.emplace();
    const auto diary = bookings::diary_of(call.tx, provider, service, from, to, naming);
    for (const auto& slot : bookings::slots_in(diary)) {
        if (slot.is_free()) {
            view.slots.emplace_back(slot);
        } else if (view.missing) {
            view.missing->push_back({SlotView(slot)});
        }
    }
    return view;
}

}  // namespace

void mount_provider_availability(Api& api) {
    api.section("Providers");
    api.get("/providers/{id}/slots", show_slots)
        .named("provider_slots")
        .summary("When a service can be booked, and on request why not at other times")
        .addition();
    api.get("/providers/{id}/availability", show_week)
        .named("provider_availability_show")
        .summary("A provider's weekly plan")
        .addition();
    api.put("/providers/{id}/availability", set_week)
        .named("provider_availability_set")
        .summary("Replace a provider's weekly plan")
        .addition();
    api.get("/providers/{id}/overrides", list_overrides)
        .named("provider_override_list")
        .summary("What holds on single dates from today on")
        .addition();
    api.put("/providers/{id}/overrides/{date}", set_override)
        .named("provider_override_set")
        .summary("What holds on one date in place of the weekly plan")
        .addition();
    api.remove("/providers/{id}/overrides/{date}", remove_override)
        .named("provider_override_remove")
        .summary("Let the weekly plan hold again on a date")
        .addition();
    api.get("/providers/{id}/time-off", list_time_off)
        .named("provider_time_off_list")
        .summary("When a provider is away")
        .addition();
    api.post("/providers/{id}/time-off", add_time_off)
        .named("provider_time_off_create")
        .summary("Note that a provider is away")
        .idempotent()
        .created()
        .addition();
    api.remove("/providers/{id}/time-off/{time_off_id}", remove_time_off)
        .named("provider_time_off_remove")
        .summary("Take time off back")
        .addition();
}

}  // namespace pamoja::faces::upflame
