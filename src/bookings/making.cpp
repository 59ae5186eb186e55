#include "bookings/making.hpp"

#include <fmt/format.h>

#include "bookings/follow_ups.hpp"
#include "bookings/held_times.hpp"
#include "bookings/internal/row.hpp"
#include "bookings/slots.hpp"
#include "jobs/queue.hpp"

namespace pamoja::bookings {
namespace {

using providers::Provider;
using providers::Service;

constexpr std::size_t metadata_bytes_max = 8 * 1024;
constexpr std::size_t alternatives_count = 5;

void require_sound_metadata(const json::Value& metadata) {
    require_field(metadata.object() != nullptr, "metadata", "invalid", "must be an object");
    require_field(json::to_text(metadata).size() <= metadata_bytes_max, "metadata", "too_long",
                  "must be at most 8 kB");
}

Provider active_provider(Tx& tx, const ProviderId& id) {
    Provider provider = providers::provider_with(tx, id);
    require(provider.status == providers::ProviderStatus::active, provider_not_active,
            "This provider cannot be booked at present.");
    return provider;
}

void require_within_terms(const Service& service, Timestamp scheduled_at, Timestamp now) {
    const auto refusal = refusal_of_terms(service.terms, scheduled_at, now);
    require(!refusal, outside_terms, "This time cannot be booked: " + refusal.value_or("") + ".");
}

std::string details_of(const std::vector<Slot>& alternatives) {
    json::Writer writer;
    writer.begin_object();
    writer.name("alternatives");
    writer.begin_array();
    for (const auto& slot : alternatives) {
        writer.begin_object();
        writer.member("scheduled_at", slot.time->begin.text());
        writer.member("local_time", slot.local_start);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return writer.take();
}

[[noreturn]] void refuse_taken(Tx& tx, const Provider& provider, const Service& service, Timestamp wanted) {
    Failure failure(slot_taken, "This time is taken. Please choose another one.");
    failure.details = details_of(alternatives_to(tx, provider, service, wanted, alternatives_count));
    throw failure;
}

Seat take(Tx& tx, const Provider& provider, const Service& service, const Interval& time) {
    const auto seat = hold(tx, service, time);
    if (!seat) refuse_taken(tx, provider, service, time.begin);
    return *seat;
}

Interval time_of(const Service& service, Timestamp scheduled_at) {
    return {scheduled_at, scheduled_at.plus(std::chrono::minutes(service.terms.duration_minutes))};
}

// One row a day counts. It is read and written in one statement, so no two bookings get a number twice, and a
// booking that is rolled back gives its number back.
std::string next_reference(Tx& tx, Timestamp scheduled_at) {
    const Date day = local_date(scheduled_at, "UTC");
    const auto number = tx.value<std::int64_t>(
        "INSERT INTO booking_numbers (tenant_id, day, last_number) VALUES (:tenant, $1, 1) "
        "ON CONFLICT (tenant_id, day) DO UPDATE SET last_number = booking_numbers.last_number + 1 "
        "RETURNING last_number",
        day);
    std::string digits = day.text();
    std::erase(digits, '-');
    return fmt::format("BK-{}-{:03}", digits, *number);
}

void set_wait(Booking& booking, bool awaits_provider, Timestamp now) {
    booking.awaits_provider = awaits_provider;
    booking.held_until.reset();
    if (!awaits_provider) return;
    const auto until = now.plus(answer_time);
    booking.held_until =
        booking.scheduled_at > now && booking.scheduled_at < until ? booking.scheduled_at : until;
}

Booking new_booking(Tx& tx, const NewBooking& wanted, const Service& service) {
    Booking booking{.id = tx.new_id<BookingId>(),
                    .booking_reference = {},
                    .provider_id = wanted.provider_id,
                    .service_id = service.id,
                    .service_name = service.terms.service_name,
                    .customer_id = wanted.customer_id,
                    .status = BookingStatus::processing,
                    .scheduled_at = wanted.scheduled_at,
                    .ends_at = time_of(service, wanted.scheduled_at).end,
                    .price = service.terms.price,
                    .metadata = wanted.metadata,
                    .awaits_provider = false,
                    .held_until = std::nullopt,
                    .confirmed_at = std::nullopt,
                    .closed_at = std::nullopt,
                    .closed_by = std::nullopt,
                    .reason = {},
                    .revision = 0,
                    .created_at = tx.now(),
                    .updated_at = tx.now()};
    return booking;
}

}  // namespace

Booking book(Tx& tx, const NewBooking& wanted) {
    require_sound_metadata(wanted.metadata);
    const Provider provider = active_provider(tx, wanted.provider_id);
    const Service service = providers::service_of(tx, provider.id, wanted.service_id);
    require_within_terms(service, wanted.scheduled_at, tx.now());
    Booking booking = new_booking(tx, wanted, service);
    set_wait(booking, !providers::is_open(tx, provider, booking.time()), tx.now());
    const Seat seat = take(tx, provider, service, booking.time());
    booking.booking_reference = next_reference(tx, booking.scheduled_at);
    tx.insert("bookings", booking);
    if (!give(tx, seat, service, booking.id)) refuse_taken(tx, provider, service, booking.scheduled_at);
    follow_up(tx, booking);
    jobs::publish(tx, "booking.created", event_data(booking));
    return booking;
}

Booking reschedule(Tx& tx, const BookingId& id, Timestamp scheduled_at, Mover mover,
                   const std::string& reason) {
    Booking booking = booking_with(tx, id);
    require(booking.is_open(), booking_status_conflict,
            "A booking that is " + std::string(name_of(booking.status)) + " cannot be moved.");
    const Provider provider = active_provider(tx, booking.provider_id);
    const Service service = providers::service_with(tx, booking.service_id);
    require_within_terms(service, scheduled_at, tx.now());
    booking.scheduled_at = scheduled_at;
    booking.ends_at = time_of(service, scheduled_at).end;
    booking.reason = reason;
    release(tx, booking.id);
    const Seat seat = take(tx, provider, service, booking.time());
    if (!give(tx, seat, service, booking.id)) refuse_taken(tx, provider, service, scheduled_at);
    const bool is_settled = mover == Mover::provider || providers::is_open(tx, provider, booking.time());
    set_wait(booking, !is_settled, tx.now());
    // What the provider must accept anew is not confirmed any more.
    if (!is_settled) {
        booking.status = BookingStatus::processing;
        booking.confirmed_at.reset();
    }
    save(tx, booking);
    follow_up(tx, booking);
    jobs::publish(tx, "booking.rescheduled", event_data(booking));
    return booking;
}

}  // namespace pamoja::bookings
