#include "bookings/calendar_file.hpp"
#include "bookings/outcome.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/booking_views.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"
#include "identity/people.hpp"

namespace pamoja::faces::upflame {

using bookings::Booking;
using bookings::BookingId;
using bookings::BookingStatus;

BookingParty party_of(Call& call, const Booking& booking) {
    if (may(call, "booking", "read")) return BookingParty::staff;
    const auto own = providers::provider_of_user(call.tx, call.actor().user_id);
    if (own && own->id == booking.provider_id) return BookingParty::provider;
    require(booking.customer_id == call.actor().user_id, not_found, "There is no such booking.");
    return BookingParty::customer;
}

Booking visible_booking(Call& call) {
    Booking booking = bookings::booking_with(call.tx, call.path<BookingId>());
    party_of(call, booking);
    return booking;
}

namespace {

struct NewBookingRequest {
    providers::ProviderId provider_id;
    providers::ServiceId service_id;
    Timestamp scheduled_at;
    json::Value metadata{json::Object{}};
    std::optional<UserId> customer_id;

    void describe(Fields& f) {
        f("provider_id", provider_id);
        f("service_id", service_id);
        f("scheduled_at", scheduled_at);
        f.optional("metadata", metadata).doc("An object of up to 8 kB");
        f("customer_id", customer_id).doc("Whom it is for; only staff may name somebody else");
    }
};

struct NewBookingView {
    Booking booking;

    void describe(Fields& f) {
        f("booking_id", booking.id);
        f("booking_reference", booking.booking_reference);
        f("status", booking.status);
        f("message", message);
    }
    std::string message = "Booking received. Confirmation will be sent.";
};

UserId customer_for(Call& call, const NewBookingRequest& request) {
    if (!request.customer_id || *request.customer_id == call.actor().user_id) return call.actor().user_id;
    require(may(call, "booking", "read"), forbidden, "You can book for yourself only.");
    return identity::person_of(call.tx, *request.customer_id).id;
}

NewBookingView create_booking(Call& call, const NewBookingRequest& request) {
    const auto booking = bookings::book(call.tx, {.customer_id = customer_for(call, request),
                                                  .provider_id = request.provider_id,
                                                  .service_id = request.service_id,
                                                  .scheduled_at = request.scheduled_at,
                                                  .metadata = request.metadata});
    note(call, call.actor().user_id, "booking.create", "booking:" + booking.id.text());
    return {booking};
}

struct BookingQuery {
    std::optional<BookingStatus> status;
    std::optional<providers::ProviderId> provider_id;
    std::optional<UserId> customer_id;
    std::optional<Timestamp> from;
    std::optional<Timestamp> until;
    std::string as;
    PageQuery page;

    void describe(Fields& f) {
        static constexpr std::array<const char*, 2> sides{"customer", "provider"};
        f("status", status);
        f("provider_id", provider_id);
        f("customer_id", customer_id);
        f("from", from);
        f("until", until);
        f.optional("as", as).one_of(sides).doc(
            "Which of one's own bookings; those as a customer when absent");
        f.include(page);
    }
};

// Staff see all of them; others see those they made, or as a provider those made with them.
bookings::BookingFilter filter_for(Call& call, const BookingQuery& query) {
    bookings::BookingFilter filter{query.customer_id, query.provider_id, query.status, query.from,
                                   query.until};
    if (may(call, "booking", "read")) return filter;
    const auto own = providers::provider_of_user(call.tx, call.actor().user_id);
    if (own && query.as == "provider") {
        filter.provider_id = own->id;
    } else {
        filter.customer_id = call.actor().user_id;
    }
    return filter;
}

Listed<BookingView> list_bookings(Call& call, const BookingQuery& query) {
    return listed<BookingView>(
        bookings::bookings_matching(call.tx, filter_for(call, query), query.page.request()));
}

struct ProviderNameView {
    providers::Provider provider;

    void describe(Fields& f) {
        f("id", provider.id);
        f("name", name);
    }
    explicit ProviderNameView(const providers::Provider& shown) : provider(shown), name(shown.name()) {}
    ProviderNameView() = default;
    std::string name;
};

struct BookingDetailView {
    BookingView booking;
    ProviderNameView provider;

    void describe(Fields& f) {
        f.include(booking);
        f("provider", provider);
    }
};

BookingDetailView show_booking(Call& call) {
    const auto booking = visible_booking(call);
    return {{booking}, ProviderNameView(providers::provider_with(call.tx, booking.provider_id))};
}

struct BookingStatusView {
    Booking booking;
    ProviderNameView provider;

    void describe(Fields& f) {
        f("booking_id", booking.id);
        f("booking_reference", booking.booking_reference);
        f("status", booking.status);
        f("confirmed_at", booking.confirmed_at);
        f("provider", provider);
    }
};

BookingStatusView show_status(Call& call) {
    const auto booking = visible_booking(call);
    return {booking, ProviderNameView(providers::provider_with(call.tx, booking.provider_id))};
}

Download show_calendar(Call& call) {
    const auto booking = visible_booking(call);
    const auto provider = providers::provider_with(call.tx, booking.provider_id);
    return {"text/calendar; charset=utf-8",
            bookings::calendar_file(booking, provider),
            {{"Content-Disposition", "attachment; filename=\"" + booking.booking_reference + ".ics\""}},
            0};
}

}  // namespace

void mount_bookings(Api& api) {
    api.section("Bookings");
    api.post("/bookings", create_booking)
        .named("booking_create")
        .summary("Book a provider's time, which is held from now on")
        .needs("booking.create")
        .idempotent()
        .created();
    api.get("/bookings", list_bookings)
        .named("booking_list")
        .summary("One's own bookings; all of the tenant for staff")
        .addition();
    api.get("/bookings/{id}", show_booking).named("booking_show").summary("One booking").addition();
    api.get("/bookings/{id}/status", show_status).named("booking_status").summary("Where a booking stands");
    api.get("/bookings/{id}/calendar.ics", show_calendar)
        .named("booking_calendar")
        .summary("A booking as a file for calendars")
        .addition();
}

}  // namespace pamoja::faces::upflame
