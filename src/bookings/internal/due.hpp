#pragma once
#include "bookings/booking.hpp"

namespace pamoja::bookings {

// What the jobs of a booking do when they run. Both do nothing when it has become something else meanwhile.
void expire_if_due(Tx&, const BookingId&);
void confirm_if_settled(Tx&, const BookingId&);

}  // namespace pamoja::bookings
