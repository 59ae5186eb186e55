#include "providers/services.hpp"

namespace pamoja::providers {
namespace {

constexpr std::int64_t day_minutes = 24 * 60;
constexpr std::int64_t buffer_minutes_max = 12 * 60;

void require_sound(const ServiceTerms& terms) {
    const auto between = [](std::int64_t value, std::int64_t low, std::int64_t high, const char* field) {
        require_field(low <= value && value <= high, field, "out_of_range",
                      "must be between " + std::to_string(low) + " and " + std::to_string(high));
    };
    require_field(!terms.service_name.empty(), "service_name", "required", "must not be empty");
    require_field(!terms.price.is_negative(), "price", "out_of_range", "must not be negative");
    between(terms.duration_minutes, 1, day_minutes, "duration_minutes");
    between(terms.buffer_before_minutes, 0, buffer_minutes_max, "buffer_before_minutes");
    between(terms.buffer_after_minutes, 0, buffer_minutes_max, "buffer_after_minutes");
    between(terms.minimum_notice_minutes, 0, 365 * day_minutes, "minimum_notice_minutes");
    between(terms.horizon_days.value_or(1), 1, 3650, "horizon_days");
    between(terms.capacity, 1, 1000, "capacity");
    between(terms.interval_minutes(), terms.slot_interval_minutes ? 5 : 1, day_minutes,
            "slot_interval_minutes");
}

}  // namespace

void ServiceTerms::describe(Fields& f) {
    f("service_name", service_name).length(1, 200);
    f.optional("description", description).length(0, 2000);
    f.optional("duration_minutes", duration_minutes).between(1, day_minutes);
    f("price", price);
    f.optional("buffer_before_minutes", buffer_before_minutes).between(0, buffer_minutes_max);
    f.optional("buffer_after_minutes", buffer_after_minutes).between(0, buffer_minutes_max);
    f.optional("minimum_notice_minutes", minimum_notice_minutes).between(0, 365 * day_minutes);
    f.optional("horizon_days", horizon_days).between(1, 3650);
    f.optional("capacity", capacity).between(1, 1000);
    f.optional("slot_interval_minutes", slot_interval_minutes).between(5, day_minutes);
}

void Service::describe(Fields& f) {
    f("id", id);
    f("provider_id", provider_id);
    f.include(terms);
    f("is_offered", is_offered);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Service add_service(Tx& tx, const ProviderId& provider, const ServiceTerms& terms) {
    require_sound(terms);
    require(static_cast<std::int64_t>(services_of(tx, provider_with(tx, provider).id).size()) < services_max,
            conflict, "This provider offers as many services as one can.");
    const Service service{.id = tx.new_id<ServiceId>(),
                          .provider_id = provider,
                          .terms = terms,
                          .is_offered = true,
                          .created_at = tx.now(),
                          .updated_at = tx.now()};
    tx.insert("provider_services", service);
    return service;
}

Service change_service(Tx& tx, const ProviderId& provider, const ServiceId& id, const ServiceTerms& terms) {
    require_sound(terms);
    Service service = service_of(tx, provider, id);
    service.terms = terms;
    service.updated_at = tx.now();
    tx.run(
        "UPDATE provider_services SET service_name = $1, description = $2, duration_minutes = $3, price = "
        "$4, "
        "currency = $5, buffer_before_minutes = $6, buffer_after_minutes = $7, minimum_notice_minutes = $8, "
        "horizon_days = $9, capacity = $10, slot_interval_minutes = $11, updated_at = $12 "
        "WHERE tenant_id = :tenant AND id = $13",
        terms.service_name, terms.description, terms.duration_minutes, terms.price, terms.price.currency(),
        terms.buffer_before_minutes, terms.buffer_after_minutes, terms.minimum_notice_minutes,
        terms.horizon_days, terms.capacity, terms.slot_interval_minutes, service.updated_at, id);
    return service;
}

void withdraw_service(Tx& tx, const ProviderId& provider, const ServiceId& id) {
    const Service service = service_of(tx, provider, id);
    tx.run(
        "UPDATE provider_services SET is_offered = $1, updated_at = $2 WHERE tenant_id = :tenant AND id = $3",
        false, tx.now(), service.id);
}

Service service_of(Tx& tx, const ProviderId& provider, const ServiceId& id) {
    auto found = tx.maybe<Service>(
        "FROM provider_services WHERE tenant_id = :tenant AND id = $1 AND provider_id = $2 AND is_offered = "
        "$3",
        id, provider, true);
    require(found.has_value(), not_found, "This provider offers no such service.");
    return std::move(*found);
}

Service service_with(Tx& tx, const ServiceId& id) {
    auto found = tx.maybe<Service>("FROM provider_services WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such service.");
    return std::move(*found);
}

std::vector<Service> services_of(Tx& tx, const ProviderId& provider) {
    return tx.all<Service>(
        "FROM provider_services WHERE tenant_id = :tenant AND provider_id = $1 AND is_offered = $2 "
        "ORDER BY created_at, id",
        provider, true);
}

}  // namespace pamoja::providers
