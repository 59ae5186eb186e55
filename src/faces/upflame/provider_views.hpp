#pragma once
#include "faces/shared/call.hpp"
#include "providers/availability.hpp"
#include "providers/services.hpp"

namespace pamoja::faces::upflame {

// Whether the caller is the provider, or one of the tenant's people who look after providers.
bool is_of_provider_side(const Call&, const providers::Provider&);

// The provider that the path's first parameter names, as far as the caller may see it: everybody sees active
// ones, the others exist only for themselves and for those with provider.read. Throws not_found.
providers::Provider visible_provider(Call&);
// The same for changes: one's own, or anybody's with that permission ("update"). Throws not_found for what
// the caller cannot see, forbidden for what they can.
providers::Provider changeable_provider(Call&, const char* action);

struct ServiceView {
    providers::Service service;

    void describe(Fields& f) {
        f("id", service.id);
        f("service_name", service.terms.service_name);
        f("description", service.terms.description);
        f("price", service.terms.price);
        f("currency", currency);
        f("duration_minutes", service.terms.duration_minutes);
        f("buffer_before_minutes", service.terms.buffer_before_minutes);
        f("buffer_after_minutes", service.terms.buffer_after_minutes);
        f("minimum_notice_minutes", service.terms.minimum_notice_minutes);
        f("horizon_days", service.terms.horizon_days);
        f("capacity", service.terms.capacity);
        f("slot_interval_minutes", interval_minutes);
    }

    ServiceView() = default;
    explicit ServiceView(const providers::Service& shown)
        : service(shown),
          currency(shown.terms.price.currency()),
          interval_minutes(shown.terms.interval_minutes()) {}
    Currency currency;
    int interval_minutes = 0;
};

}  // namespace pamoja::faces::upflame
