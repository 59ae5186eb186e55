#pragma once
#include "bookings/booking.hpp"

namespace pamoja::bookings {

// Writes what may change of a booking, as its next revision.
void save(Tx&, Booking&);

}  // namespace pamoja::bookings
