#pragma once
#include "bookings/booking.hpp"
#include "jobs/handlers.hpp"

namespace pamoja::bookings {

// What happens to bookings by themselves, as jobs.
inline constexpr jobs::Kind confirm_job{"bookings.confirm"};
inline constexpr jobs::Kind expire_job{"bookings.expire"};
inline constexpr jobs::Kind remind_job{"bookings.remind"};

void add_handlers(jobs::Handlers&);

// Enqueues, moves and takes back the jobs of a booking, so that they fit what it has become: confirming it
// when nobody must be asked, expiring it when the provider's time for an answer is over, and reminding of it
// 24 h and 1 h before. A reminder publishes booking.reminder with "lead_hours", once for each scheduled time.
void follow_up(Tx&, const Booking&);

}  // namespace pamoja::bookings
