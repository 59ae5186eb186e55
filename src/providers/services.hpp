#pragma once
#include <optional>
#include <string>
#include <vector>

#include "providers/provider.hpp"

namespace pamoja::providers {

using ServiceId = Id<struct ServiceTag>;

// What is offered, and under which terms it can be booked.
struct ServiceTerms {
    std::string service_name;
    std::string description;
    int duration_minutes = 60;
    Money price;
    int buffer_before_minutes = 0;  // kept free before a booking begins
    int buffer_after_minutes = 0;   // and after it ends
    int minimum_notice_minutes = 0;
    std::optional<int> horizon_days = {};  // how far ahead it can be booked; without limit when absent
    int capacity = 1;                      // how many bookings share one time
    std::optional<int> slot_interval_minutes = {};  // between the starts of slots; the duration when absent

    int interval_minutes() const { return slot_interval_minutes.value_or(duration_minutes); }
    // With the bounds of every number; the price has none, because its wire form is a face's matter.
    void describe(Fields&);
};

struct Service {
    ServiceId id;
    ProviderId provider_id;
    ServiceTerms terms;
    bool is_offered = true;  // false once it is taken off the list
    Timestamp created_at;
    Timestamp updated_at;

    void describe(Fields&);
};

inline constexpr std::int64_t services_max = 100;  // that a provider offers

// Throws not_found, validation_failed for terms that make no sense, conflict beyond services_max.
Service add_service(Tx&, const ProviderId&, const ServiceTerms&);
// Bookings that exist keep the terms they were made under.
Service change_service(Tx&, const ProviderId&, const ServiceId&, const ServiceTerms&);
// Takes it off the list: it cannot be booked any more. Bookings that exist stay.
void withdraw_service(Tx&, const ProviderId&, const ServiceId&);

Service service_of(Tx&, const ProviderId&, const ServiceId&);  // one that is offered; throws not_found
Service service_with(Tx&, const ServiceId&);               // whether it is offered or not; throws not_found
std::vector<Service> services_of(Tx&, const ProviderId&);  // those offered, oldest first

}  // namespace pamoja::providers
