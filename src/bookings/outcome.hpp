#pragma once
#include "bookings/making.hpp"

namespace pamoja::bookings {

// Each of these throws not_found, and booking_status_conflict when the booking is past that step. Who may is
// the caller's decision.

// The provider's side accepts. Plans the reminders; publishes booking.confirmed. One that is confirmed
// already stays as it is.
Booking confirm(Tx&, const BookingId&);
// The provider's side refuses a booking that waits; the time is free again. Publishes booking.declined.
Booking decline(Tx&, const BookingId&, const UserId& by, const std::string& reason);
// Ends a booking that is processing or confirmed; the time is free again. Publishes booking.cancelled.
Booking cancel(Tx&, const BookingId&, const UserId& by, const std::string& reason);
// It took place. Only of a confirmed booking whose time has begun. Publishes booking.completed.
Booking complete(Tx&, const BookingId&, const UserId& by);
// The customer did not come. Only of a confirmed booking whose time has begun. Publishes booking.no_show.
Booking mark_no_show(Tx&, const BookingId&, const UserId& by);

}  // namespace pamoja::bookings
