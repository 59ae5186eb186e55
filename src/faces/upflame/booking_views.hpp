#pragma once
#include "bookings/booking.hpp"
#include "faces/shared/call.hpp"

namespace pamoja::faces::upflame {

// In which quality the caller meets a booking.
enum class BookingParty { customer, provider, staff };

// Throws not_found for a booking that is none of the caller's business.
BookingParty party_of(Call&, const bookings::Booking&);
// The booking that the path names, if it is the caller's business. Throws not_found.
bookings::Booking visible_booking(Call&);

struct BookingView {
    bookings::Booking booking;

    void describe(Fields& f) {
        f("booking_id", booking.id);
        f("booking_reference", booking.booking_reference);
        f("status", booking.status);
        f("provider_id", booking.provider_id);
        f("service_id", booking.service_id);
        f("service_name", booking.service_name);
        f("customer_id", booking.customer_id);
        f("scheduled_at", booking.scheduled_at);
        f("ends_at", booking.ends_at);
        f("price", booking.price);
        f("currency", currency);
        f("metadata", booking.metadata);
        f("held_until", booking.held_until);
        f("confirmed_at", booking.confirmed_at);
        f("closed_at", booking.closed_at);
        f("reason", booking.reason);
        f("created_at", booking.created_at);
    }

    BookingView() = default;
    BookingView(const bookings::Booking& shown) : booking(shown), currency(shown.price.currency()) {}
    Currency currency;
};

}  // namespace pamoja::faces::upflame
