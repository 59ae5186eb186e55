#pragma once
#include "bookings/booking.hpp"

namespace pamoja::bookings {

inline constexpr Reason slot_taken{FailureKind::conflict, "slot_taken"};
inline constexpr Reason provider_not_active{FailureKind::conflict, "provider_not_active"};
inline constexpr Reason outside_terms{FailureKind::conflict, "outside_booking_terms"};
inline constexpr Reason booking_status_conflict{FailureKind::conflict, "booking_status_conflict"};

// How long a provider has for an answer; less when the booked time comes first.
inline constexpr std::chrono::hours answer_time{24};

struct NewBooking {
    UserId customer_id;
    ProviderId provider_id;
    ServiceId service_id;
    Timestamp scheduled_at;
    json::Value metadata = json::Value(json::Object());
};

// Makes a booking that is processing and holds its time from this transaction on. When the provider works at
// that time, or never said when, a job confirms it right after the commit; otherwise it waits for the
// provider's answer. A time that is over is not refused. Publishes booking.created.
// Throws not_found (provider, service), provider_not_active, outside_terms (notice, horizon),
// validation_failed for metadata that is no object or over 8 kB, and slot_taken, whose details name times
// that are free: {"alternatives":[{"scheduled_at":…,"local_time":…}]}.
Booking book(Tx&, const NewBooking&);

// Who moves a booking: its customer, whose new time the provider may have to accept, or the provider's side,
// whose word it is.
enum class Mover { customer, provider };

// Moves a booking that is processing or confirmed to another time: gives the old one back and takes the new
// one, or changes nothing. Keeps the reference. Publishes booking.rescheduled. Throws as book() does, and
// booking_status_conflict.
Booking reschedule(Tx&, const BookingId&, Timestamp scheduled_at, Mover, const std::string& reason);

}  // namespace pamoja::bookings
