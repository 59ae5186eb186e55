#include "bookings/internal/row.hpp"

namespace pamoja::bookings {

void save(Tx& tx, Booking& booking) {
    ++booking.revision;
    booking.updated_at = tx.now();
    tx.run(
        "UPDATE bookings SET status = $1, scheduled_at = $2, ends_at = $3, awaits_provider = $4, "
        "held_until = $5, confirmed_at = $6, closed_at = $7, closed_by = $8, reason = $9, revision = $10, "
        "updated_at = $11 WHERE tenant_id = :tenant AND id = $12",
        booking.status, booking.scheduled_at, booking.ends_at, booking.awaits_provider, booking.held_until,
        booking.confirmed_at, booking.closed_at, booking.closed_by, booking.reason, booking.revision,
        booking.updated_at, booking.id);
}

}  // namespace pamoja::bookings
