#pragma once
#include <string>
#include <vector>

#include "bookings/booking.hpp"

namespace pamoja::bookings {

using HeldTimeId = Id<struct HeldTimeTag>;

// A stretch of time that a provider gives to one service, with the buffers around it. No two of a provider
// overlap, buffers included: the schema refuses it.
struct HeldTime {
    HeldTimeId id;
    ProviderId provider_id;
    ServiceId service_id;
    Timestamp starts_at;
    Timestamp ends_at;
    Timestamp busy_from;
    Timestamp busy_until;

    Interval time() const { return {starts_at, ends_at}; }
    Interval busy() const { return {busy_from, busy_until}; }
    void describe(Fields&);
};

// A held time and the bookings that sit in it.
struct Occupation {
    HeldTime held;
    std::vector<std::string> references;  // of its bookings, one for each seat that is taken
};

// The time with the buffers that a service wants around it.
Interval with_buffers(const providers::ServiceTerms&, const Interval& time);

// Whether a booking of that service at that time sits in this held time, beside others, if a seat is free.
bool is_shared_by(const HeldTime&, const providers::Service&, const Interval& time);

// The held times of a provider that overlap a stretch, in order. The caller bounds the stretch.
std::vector<HeldTime> held_times_in(Tx&, const ProviderId&, const Interval& stretch);
std::vector<Occupation> occupations_in(Tx&, const ProviderId&, const Interval& stretch);

// A place in a held time that nobody else has.
struct Seat {
    HeldTimeId held_time_id;
    int number = 0;
};

// Takes that time of the provider for one booking of the service. Empty when it is taken. The seat must be
// given to its booking in the same transaction.
std::optional<Seat> hold(Tx&, const providers::Service&, const Interval& time);
// False when another transaction was given it in the meantime.
bool give(Tx&, const Seat&, const providers::Service&, const BookingId&);
// The booking needs its time no more; with the last booking, the time is free.
void release(Tx&, const BookingId&);

}  // namespace pamoja::bookings
