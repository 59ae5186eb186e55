#include "bookings/held_times.hpp"

#include <algorithm>

namespace pamoja::bookings {
namespace {

using std::chrono::minutes;

// No held time is longer: a day and a buffer of half a day on each side. It bounds the search in the index.
constexpr std::chrono::hours busy_max{48};

std::optional<int> free_seat(Tx& tx, const HeldTimeId& held, int capacity) {
    int candidate = 1;
    const auto taken = tx.rows(
        "SELECT seat FROM held_seats WHERE tenant_id = :tenant AND held_time_id = $1 ORDER BY seat", held);
    for (const auto& row : taken.rows) {
        if (std::get<std::int64_t>(row.cells[0]) != candidate) break;
        ++candidate;
    }
    return candidate <= capacity ? std::optional(candidate) : std::nullopt;
}

struct TakenSeat {
    HeldTimeId held_time_id;
    std::string booking_reference;

    void describe(Fields& f) {
        f("held_time_id", held_time_id);
        f("booking_reference", booking_reference);
    }
};

std::vector<TakenSeat> taken_seats_in(Tx& tx, const ProviderId& provider, const Interval& stretch) {
    return tx.all<TakenSeat>(
        "FROM held_seats s JOIN bookings b ON b.tenant_id = s.tenant_id AND b.id = s.booking_id "
        "WHERE s.tenant_id = :tenant AND s.held_time_id IN (SELECT t.id FROM held_times t "
        "WHERE t.tenant_id = :tenant AND t.provider_id = $1 AND t.busy_from > $2 AND t.busy_from < $3 "
        "AND t.busy_until > $4) ORDER BY s.held_time_id, s.seat",
        provider, stretch.begin.minus(busy_max), stretch.end, stretch.begin);
}

}  // namespace

void HeldTime::describe(Fields& f) {
    f("id", id);
    f("provider_id", provider_id);
    f("service_id", service_id);
    f("starts_at", starts_at);
    f("ends_at", ends_at);
    f("busy_from", busy_from);
    f("busy_until", busy_until);
}

Interval with_buffers(const providers::ServiceTerms& terms, const Interval& time) {
    return {time.begin.minus(minutes(terms.buffer_before_minutes)),
            time.end.plus(minutes(terms.buffer_after_minutes))};
}

bool is_shared_by(const HeldTime& held, const providers::Service& service, const Interval& time) {
    return held.service_id == service.id && held.time() == time && service.terms.capacity > 1;
}

std::vector<HeldTime> held_times_in(Tx& tx, const ProviderId& provider, const Interval& stretch) {
    return tx.all<HeldTime>(
        "FROM held_times WHERE tenant_id = :tenant AND provider_id = $1 AND busy_from > $2 AND busy_from < "
        "$3 "
        "AND busy_until > $4 ORDER BY busy_from, id",
        provider, stretch.begin.minus(busy_max), stretch.end, stretch.begin);
}

std::vector<Occupation> occupations_in(Tx& tx, const ProviderId& provider, const Interval& stretch) {
    std::vector<Occupation> occupations;
    for (auto& held : held_times_in(tx, provider, stretch)) occupations.push_back({std::move(held), {}});
    for (auto& seat : taken_seats_in(tx, provider, stretch)) {
        const auto found = std::ranges::find_if(
            occupations, [&](const Occupation& each) { return each.held.id == seat.held_time_id; });
        if (found != occupations.end()) found->references.push_back(std::move(seat.booking_reference));
    }
    return occupations;
}

std::optional<Seat> hold(Tx& tx, const providers::Service& service, const Interval& time) {
    const Interval busy = with_buffers(service.terms, time);
    const auto others = held_times_in(tx, service.provider_id, busy);
    if (others.size() == 1 && is_shared_by(others.front(), service, time)) {
        const auto number = free_seat(tx, others.front().id, service.terms.capacity);
        if (!number) return std::nullopt;
        return Seat{others.front().id, *number};
    }
    if (!others.empty()) return std::nullopt;
    const HeldTime held{.id = tx.new_id<HeldTimeId>(),
                        .provider_id = service.provider_id,
                        .service_id = service.id,
                        .starts_at = time.begin,
                        .ends_at = time.end,
                        .busy_from = busy.begin,
                        .busy_until = busy.end};
    // On PostgreSQL the exclusion constraint counts as a conflict here, so that the transaction goes on.
    if (!tx.insert_if_absent("held_times", held)) return std::nullopt;
    return Seat{held.id, 1};
}

bool give(Tx& tx, const Seat& seat, const providers::Service& service, const BookingId& booking) {
    return tx.run(
               "INSERT INTO held_seats (tenant_id, held_time_id, seat, capacity, booking_id) "
               "VALUES (:tenant, $1, $2, $3, $4) ON CONFLICT DO NOTHING",
               seat.held_time_id, seat.number, service.terms.capacity, booking) == 1;
}

void release(Tx& tx, const BookingId& booking) {
    const auto held = tx.value<HeldTimeId>(
        "SELECT held_time_id FROM held_seats WHERE tenant_id = :tenant AND booking_id = $1", booking);
    if (!held) return;
    tx.run("DELETE FROM held_seats WHERE tenant_id = :tenant AND booking_id = $1", booking);
    tx.run(
        "DELETE FROM held_times WHERE tenant_id = :tenant AND id = $1 AND NOT EXISTS "
        "(SELECT 1 FROM held_seats s WHERE s.tenant_id = :tenant AND s.held_time_id = $1)",
        *held);
}

}  // namespace pamoja::bookings
