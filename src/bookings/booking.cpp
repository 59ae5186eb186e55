#include "bookings/booking.hpp"

namespace pamoja::bookings {

void Booking::describe(Fields& f) {
    f("id", id);
    f("booking_reference", booking_reference);
    f("provider_id", provider_id);
    f("service_id", service_id);
    f("service_name", service_name);
    f("customer_id", customer_id);
    f("status", status);
    f("scheduled_at", scheduled_at);
    f("ends_at", ends_at);
    f("price", price);
    f("metadata", metadata);
    f("awaits_provider", awaits_provider);
    f("held_until", held_until);
    f("confirmed_at", confirmed_at);
    f("closed_at", closed_at);
    f("closed_by", closed_by);
    f("reason", reason);
    f("revision", revision);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Booking booking_with(Tx& tx, const BookingId& id) {
    auto found = tx.maybe<Booking>("FROM bookings WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such booking.");
    return std::move(*found);
}

Page<Booking> bookings_matching(Tx& tx, const BookingFilter& filter, const PageRequest& page) {
    return tx.page<Booking>(page,
                            "FROM bookings WHERE tenant_id = :tenant "
                            "AND customer_id = COALESCE($1, customer_id) "
                            "AND provider_id = COALESCE($2, provider_id) AND status = COALESCE($3, status) "
                            "AND scheduled_at >= COALESCE(CAST($4 AS BIGINT), scheduled_at) "
                            "AND (CAST($5 AS BIGINT) IS NULL OR scheduled_at < $5)",
                            "scheduled_at DESC, id DESC", filter.customer_id, filter.provider_id,
                            filter.status, filter.from, filter.until);
}

json::Value policy_facts(const Booking& booking) {
    const json::Value scheduled(booking.scheduled_at.text());
    return json::Value(json::Object{{"id", json::Value(booking.id.text())},
                                    {"status", json::Value(name_of(booking.status))},
                                    {"customer_id", json::Value(booking.customer_id.text())},
                                    {"provider_id", json::Value(booking.provider_id.text())},
                                    {"service_id", json::Value(booking.service_id.text())},
                                    {"scheduled_at", scheduled},
                                    {"scheduled_time", scheduled},
                                    {"created_at", json::Value(booking.created_at.text())},
                                    {"price", json::Value(json::Number{booking.price.shortest_text()})}});
}

json::Value event_data(const Booking& booking) {
    return json::Value(json::Object{{"booking_id", json::Value(booking.id.text())},
                                    {"booking_reference", json::Value(booking.booking_reference)},
                                    {"status", json::Value(name_of(booking.status))},
                                    {"provider_id", json::Value(booking.provider_id.text())},
                                    {"service_id", json::Value(booking.service_id.text())},
                                    {"service_name", json::Value(booking.service_name)},
                                    {"customer_id", json::Value(booking.customer_id.text())},
                                    {"scheduled_at", json::Value(booking.scheduled_at.text())},
                                    {"scheduled_time", json::Value(booking.scheduled_at.text())},
                                    {"ends_at", json::Value(booking.ends_at.text())},
                                    {"reason", json::Value(booking.reason)}});
}

}  // namespace pamoja::bookings
