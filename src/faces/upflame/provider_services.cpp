#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/provider_views.hpp"
#include "faces/upflame/views.hpp"

namespace pamoja::faces::upflame {
namespace {

using providers::ServiceId;

struct ServiceRequest {
    providers::ServiceTerms terms;
    std::optional<Currency> currency;

    void describe(Fields& f) {
        f.include(terms);
        f("currency", currency).doc("INR when absent");
    }
};

// The number on the wire was read in the face's currency; another one may have other decimals.
providers::ServiceTerms terms_of(const ServiceRequest& request) {
    auto terms = request.terms;
    if (!request.currency) return terms;
    const auto price = Money::parse_major(terms.price.shortest_text(), *request.currency);
    require_field(price.has_value(), "price", "invalid", "has more decimals than its currency");
    terms.price = *price;
    return terms;
}

std::string subject_of_change(const providers::Provider& provider) {
    return "provider:" + provider.id.text();
}

ServiceView add_service(Call& call, const ServiceRequest& request) {
    const auto provider = changeable_provider(call, "update");
    const auto made = providers::add_service(call.tx, provider.id, terms_of(request));
    note(call, call.actor().user_id, "provider.add_service", subject_of_change(provider),
         {{"service_id", json::Value(made.id.text())}});
    return ServiceView(made);
}

ServiceView change_service(Call& call, const ServiceRequest& request) {
    const auto provider = changeable_provider(call, "update");
    const auto id = call.path<ServiceId>(1);
    const auto changed = providers::change_service(call.tx, provider.id, id, terms_of(request));
    note(call, call.actor().user_id, "provider.change_service", subject_of_change(provider),
         {{"service_id", json::Value(id.text())}});
    return ServiceView(changed);
}

MessageView withdraw_service(Call& call) {
    const auto provider = changeable_provider(call, "update");
    const auto id = call.path<ServiceId>(1);
    providers::withdraw_service(call.tx, provider.id, id);
    note(call, call.actor().user_id, "provider.withdraw_service", subject_of_change(provider),
         {{"service_id", json::Value(id.text())}});
    return {"Service withdrawn"};
}

std::vector<ServiceView> list_services(Call& call) {
    std::vector<ServiceView> views;
    for (const auto& service : providers::services_of(call.tx, visible_provider(call).id))
        views.emplace_back(service);
    return views;
}

}  // namespace

void mount_provider_services(Api& api) {
    api.section("Providers");
    api.get("/providers/{id}/services", list_services)
        .named("provider_service_list")
        .summary("What a provider offers")
        .addition();
    api.post("/providers/{id}/services", add_service)
        .named("provider_service_create")
        .summary("Offer a service")
        .idempotent()
        .created()
        .addition();
    api.put("/providers/{id}/services/{service_id}", change_service)
        .named("provider_service_update")
        .summary("Change the terms of a service; bookings keep theirs")
        .addition();
    api.remove("/providers/{id}/services/{service_id}", withdraw_service)
        .named("provider_service_withdraw")
        .summary("Take a service off the list")
        .addition();
}

}  // namespace pamoja::faces::upflame
