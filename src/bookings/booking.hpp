#pragma once
#include <array>
#include <optional>
#include <string>

#include "base/wall_clock.hpp"
#include "db/tx.hpp"
#include "json/value.hpp"
#include "providers/services.hpp"

namespace pamoja::bookings {

using BookingId = Id<struct BookingTag>;
using providers::ProviderId;
using providers::ServiceId;

enum class BookingStatus {
    processing,  // its time is held; it becomes confirmed by itself, or waits for the provider's word
    confirmed,
    declined,   // by the provider
    cancelled,  // by anybody who may
    completed,
    no_show,  // the customer did not come
    expired,  // the provider said nothing for too long
};
constexpr std::array<const char*, 7> names(BookingStatus) {
    return {"processing", "confirmed", "declined", "cancelled", "completed", "no_show", "expired"};
}

// A customer's claim on a provider's time. It keeps the name and price that the service had.
struct Booking {
    BookingId id;
    std::string booking_reference;  // "BK-20251125-001", of the UTC day it was first scheduled for
    ProviderId provider_id;
    ServiceId service_id;
    std::string service_name;
    UserId customer_id;
    BookingStatus status = BookingStatus::processing;
    Timestamp scheduled_at;
    Timestamp ends_at;
    Money price;
    json::Value metadata;  // an object of the customer's
    bool awaits_provider = false;
    std::optional<Timestamp> held_until = {};  // when the provider must have answered
    std::optional<Timestamp> confirmed_at = {};
    std::optional<Timestamp> closed_at = {};  // declined, cancelled, completed, no-show, expired
    std::optional<UserId> closed_by = {};
    std::string reason;         // of what was done to it last
    std::int64_t revision = 0;  // grows with each change that a calendar must learn of
    Timestamp created_at;
    Timestamp updated_at;

    Interval time() const { return {scheduled_at, ends_at}; }
    bool is_open() const { return status == BookingStatus::processing || status == BookingStatus::confirmed; }
    void describe(Fields&);
};

// Whether a booking in that status keeps others from its time. One that took place does so for good.
constexpr bool holds_time(BookingStatus status) {
    return status == BookingStatus::processing || status == BookingStatus::confirmed ||
           status == BookingStatus::completed || status == BookingStatus::no_show;
}

Booking booking_with(Tx&, const BookingId&);  // throws not_found

struct BookingFilter {
    std::optional<UserId> customer_id = {};
    std::optional<ProviderId> provider_id = {};
    std::optional<BookingStatus> status = {};
    std::optional<Timestamp> from = {};   // scheduled_at
    std::optional<Timestamp> until = {};  // exclusive
};
Page<Booking> bookings_matching(Tx&, const BookingFilter&, const PageRequest&);  // latest time first

// What policies can ask about a booking: id, status, customer_id, provider_id, service_id, scheduled_at (also
// as scheduled_time), created_at, price.
json::Value policy_facts(const Booking&);

// The data of the events of a booking.
json::Value event_data(const Booking&);

}  // namespace pamoja::bookings
