#include "bookings/outcome.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/booking_views.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"

namespace pamoja::faces::upflame {
namespace {

using bookings::Booking;

struct ReasonRequest {
    std::string reason;

    void describe(Fields& f) { f.optional("reason", reason).length(0, 500); }
};

struct StepView {
    Booking booking;
    std::string message;

    void describe(Fields& f) {
        f("booking_id", booking.id);
        f("status", booking.status);
        f("message", message);
    }
};

// Asks permissions and policies about an operation on a booking that the caller can see.
Booking guarded_booking(Call& call, std::string_view action) {
    const Booking booking = visible_booking(call);
    guard(call, "booking", action, {{"booking", bookings::policy_facts(booking)}});
    return booking;
}

// The same for what only the provider's side may do, whatever else the caller's roles allow.
Booking provider_booking(Call& call, std::string_view action) {
    const Booking booking = guarded_booking(call, action);
    require(party_of(call, booking) != BookingParty::customer, forbidden,
            "Only the provider can do this to a booking.");
    return booking;
}

void note_step(Call& call, const char* action, const Booking& booking) {
    note(call, call.actor().user_id, action, "booking:" + booking.id.text(),
         {{"status", json::Value(name_of(booking.status))}, {"reason", json::Value(booking.reason)}});
}

StepView cancel_booking(Call& call, const ReasonRequest& request) {
    const auto booking = guarded_booking(call, "cancel");
    const auto cancelled = bookings::cancel(call.tx, booking.id, call.actor().user_id, request.reason);
    note_step(call, "booking.cancel", cancelled);
    return {cancelled, "Booking has been cancelled successfully"};
}

StepView confirm_booking(Call& call) {
    const auto confirmed = bookings::confirm(call.tx, provider_booking(call, "confirm").id);
    note_step(call, "booking.confirm", confirmed);
    return {confirmed, "Booking has been confirmed"};
}

StepView decline_booking(Call& call, const ReasonRequest& request) {
    const auto booking = provider_booking(call, "decline");
    const auto declined = bookings::decline(call.tx, booking.id, call.actor().user_id, request.reason);
    note_step(call, "booking.decline", declined);
    return {declined, "Booking has been declined"};
}

StepView complete_booking(Call& call) {
    const auto booking = provider_booking(call, "complete");
    const auto completed = bookings::complete(call.tx, booking.id, call.actor().user_id);
    note_step(call, "booking.complete", completed);
    return {completed, "Booking has been completed"};
}

StepView mark_no_show(Call& call) {
    const auto booking = provider_booking(call, "complete");
    const auto missed = bookings::mark_no_show(call.tx, booking.id, call.actor().user_id);
    note_step(call, "booking.no_show", missed);
    return {missed, "Booking has been noted as a no-show"};
}

struct RescheduleRequest {
    Timestamp scheduled_at;
    std::string reason;

    void describe(Fields& f) {
        f("scheduled_at", scheduled_at);
        f.optional("reason", reason).length(0, 500);
    }
};

BookingView reschedule_booking(Call& call, const RescheduleRequest& request) {
    const auto booking = guarded_booking(call, "update");
    const auto mover = party_of(call, booking) == BookingParty::customer ? bookings::Mover::customer
                                                                         : bookings::Mover::provider;
    const auto moved = bookings::reschedule(call.tx, booking.id, request.scheduled_at, mover, request.reason);
    note_step(call, "booking.reschedule", moved);
    return {moved};
}

}  // namespace

void mount_booking_steps(Api& api) {
    api.section("Bookings");
    api.put("/bookings/{id}/cancel", cancel_booking)
        .named("booking_cancel")
        .summary("Cancel a booking, as far as policies allow");
    api.put("/bookings/{id}/confirm", confirm_booking)
        .named("booking_confirm")
        .summary("Accept a booking that waits for the provider")
        .addition();
    api.put("/bookings/{id}/decline", decline_booking)
        .named("booking_decline")
        .summary("Refuse a booking that waits for the provider")
        .addition();
    api.put("/bookings/{id}/complete", complete_booking)
        .named("booking_complete")
        .summary("A booking took place")
        .addition();
    api.put("/bookings/{id}/no-show", mark_no_show)
        .named("booking_no_show")
        .summary("The customer did not come")
        .addition();
    api.put("/bookings/{id}/reschedule", reschedule_booking)
        .named("booking_reschedule")
        .summary("Move a booking to another time, or leave it where it is")
        .addition();
}

}  // namespace pamoja::faces::upflame
