#include "bookings/outcome.hpp"

#include "bookings/follow_ups.hpp"
#include "bookings/held_times.hpp"
#include "bookings/internal/due.hpp"
#include "bookings/internal/row.hpp"
#include "jobs/queue.hpp"

namespace pamoja::bookings {
namespace {

void require_step(bool is_possible, const Booking& booking, const char* step) {
    require(is_possible, booking_status_conflict,
            "A booking that is " + std::string(name_of(booking.status)) + " cannot be " + step + ".");
}

struct Closing {
    BookingStatus status;
    std::optional<UserId> by;
    std::string reason;
};

Booking close(Tx& tx, Booking booking, const Closing& closing) {
    booking.status = closing.status;
    booking.closed_at = tx.now();
    booking.closed_by = closing.by;
    booking.reason = closing.reason;
    booking.awaits_provider = false;
    booking.held_until.reset();
    save(tx, booking);
    if (!holds_time(booking.status)) release(tx, booking.id);
    follow_up(tx, booking);
    jobs::publish(tx, "booking." + std::string(name_of(booking.status)), event_data(booking));
    return booking;
}

Booking begun_booking(Tx& tx, const BookingId& id, const char* step) {
    Booking booking = booking_with(tx, id);
    require_step(booking.status == BookingStatus::confirmed, booking, step);
    require(booking.scheduled_at <= tx.now(), booking_status_conflict,
            "This booking has not begun: it is scheduled for " + booking.scheduled_at.text() + ".");
    return booking;
}

}  // namespace

Booking confirm(Tx& tx, const BookingId& id) {
    Booking booking = booking_with(tx, id);
    if (booking.status == BookingStatus::confirmed) return booking;
    require_step(booking.status == BookingStatus::processing, booking, "confirmed");
    booking.status = BookingStatus::confirmed;
    booking.confirmed_at = tx.now();
    booking.awaits_provider = false;
    booking.held_until.reset();
    save(tx, booking);
    follow_up(tx, booking);
    jobs::publish(tx, "booking.confirmed", event_data(booking));
    return booking;
}

Booking decline(Tx& tx, const BookingId& id, const UserId& by, const std::string& reason) {
    Booking booking = booking_with(tx, id);
    require_step(booking.status == BookingStatus::processing, booking, "declined");
    return close(tx, std::move(booking), {BookingStatus::declined, by, reason});
}

Booking cancel(Tx& tx, const BookingId& id, const UserId& by, const std::string& reason) {
    Booking booking = booking_with(tx, id);
    require_step(booking.is_open(), booking, "cancelled");
    return close(tx, std::move(booking), {BookingStatus::cancelled, by, reason});
}

Booking complete(Tx& tx, const BookingId& id, const UserId& by) {
    return close(tx, begun_booking(tx, id, "completed"), {BookingStatus::completed, by, {}});
}

Booking mark_no_show(Tx& tx, const BookingId& id, const UserId& by) {
    return close(tx, begun_booking(tx, id, "a no-show"), {BookingStatus::no_show, by, {}});
}

void expire_if_due(Tx& tx, const BookingId& id) {
    Booking booking = booking_with(tx, id);
    const bool is_due =
        booking.status == BookingStatus::processing && booking.held_until && *booking.held_until <= tx.now();
    if (is_due)
        close(tx, std::move(booking),
              {BookingStatus::expired, std::nullopt, "The provider did not answer in time."});
}

void confirm_if_settled(Tx& tx, const BookingId& id) {
    const Booking booking = booking_with(tx, id);
    if (booking.status == BookingStatus::processing && !booking.awaits_provider) confirm(tx, id);
}

}  // namespace pamoja::bookings
