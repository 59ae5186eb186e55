#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/provider_views.hpp"
#include "faces/upflame/views.hpp"
#include "identity/people.hpp"
#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {

using providers::Provider;
using providers::ProviderStatus;
using providers::ProviderType;

bool is_of_provider_side(const Call& call, const Provider& provider) {
    return provider.user_id == call.actor().user_id || may(call, "provider", "read");
}

Provider visible_provider(Call& call) {
    Provider provider = providers::provider_with(call.tx, call.path<providers::ProviderId>());
    require(provider.status == ProviderStatus::active || is_of_provider_side(call, provider), not_found,
            "There is no such provider.");
    return provider;
}

Provider changeable_provider(Call& call, const char* action) {
    Provider provider = visible_provider(call);
    require(provider.user_id == call.actor().user_id || may(call, "provider", action), forbidden,
            "You do not have permission to do this.");
    return provider;
}

namespace {

struct NewProviderRequest {
    ProviderType provider_type = ProviderType::pandit;
    std::string first_name;
    std::string last_name;
    std::string email;
    std::string phone;
    std::optional<std::string> time_zone;
    std::optional<UserId> user_id;

    void describe(Fields& f) {
        f("provider_type", provider_type);
        f("first_name", first_name).length(1, 100);
        f("last_name", last_name).length(1, 100);
        f("email", email).email();
        f.optional("phone", phone).phone();
        f("time_zone", time_zone).length(1, 64).doc("IANA name; the tenant's own when absent");
        f("user_id", user_id).doc("The user who is this provider");
    }
};

struct NewProviderView {
    Provider provider;

    void describe(Fields& f) {
        f("id", provider.id);
        f("provider_type", provider.provider_type);
        f("first_name", provider.first_name);
        f("last_name", provider.last_name);
        f("status", provider.status);
        f("time_zone", provider.time_zone);
        f("created_at", provider.created_at);
    }
};

// What only the provider and the tenant's own people see.
struct ContactView {
    std::string email;
    std::string phone;
    std::string status_reason;
    std::optional<UserId> user_id;

    void describe(Fields& f) {
        f("email", email);
        f("phone", phone);
        f("status_reason", status_reason);
        f("user_id", user_id);
    }
};

struct ProviderView {
    NewProviderView head;
    std::vector<ServiceView> services;
    std::vector<providers::WeeklyHours> availability;
    std::optional<ContactView> contact;

    void describe(Fields& f) {
        f.include(head);
        f("services", services);
        f("availability", availability);
        f("contact", contact).omitted_when_absent();
    }
};

ProviderView view_of(Call& call, const Provider& provider) {
    ProviderView view{{provider}, {}, providers::weekly_hours_of(call.tx, provider.id), {}};
    for (const auto& service : providers::services_of(call.tx, provider.id))
        view.services.emplace_back(service);
    if (is_of_provider_side(call, provider))
        view.contact = {provider.email, provider.phone, provider.status_reason, provider.user_id};
    return view;
}

std::string tenant_time_zone(Tx& tx) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    return tenant ? tenant->time_zone : "UTC";
}

// Throws not_found for one whom the tenant does not have.
void require_user(Call& call, const std::optional<UserId>& user) {
    if (user) identity::person_of(call.tx, *user);
}

NewProviderView create_provider(Call& call, const NewProviderRequest& request) {
    require_user(call, request.user_id);
    const auto made = providers::create_provider(
        call.tx, {.provider_type = request.provider_type,
                  .first_name = request.first_name,
                  .last_name = request.last_name,
                  .email = identity::normalize_email(request.email),
                  .phone = request.phone,
                  .time_zone = request.time_zone ? *request.time_zone : tenant_time_zone(call.tx),
                  .user_id = request.user_id});
    note(call, call.actor().user_id, "provider.create", "provider:" + made.id.text());
    return {made};
}

struct ProviderQuery {
    std::optional<ProviderType> provider_type;
    std::optional<ProviderStatus> status;
    PageQuery page;

    void describe(Fields& f) {
        f("provider_type", provider_type);
        f("status", status);
        f.include(page);
    }
};

// Customers choose among active ones.
Listed<NewProviderView> list_providers(Call& call, const ProviderQuery& query) {
    providers::ProviderFilter filter{query.provider_type, query.status};
    if (!may(call, "provider", "read")) filter.status = ProviderStatus::active;
    return listed<NewProviderView>(providers::providers_matching(call.tx, filter, query.page.request()));
}

ProviderView show_provider(Call& call) {
    return view_of(call, visible_provider(call));
}

struct ProviderChangeRequest {
    providers::ProviderChange change;

    void describe(Fields& f) {
        f("first_name", change.first_name).length(1, 100);
        f("last_name", change.last_name).length(1, 100);
        f("email", change.email).email();
        f("phone", change.phone).phone();
        f("time_zone", change.time_zone).length(1, 64);
        f("user_id", change.user_id);
    }
};

ProviderView change_provider(Call& call, const ProviderChangeRequest& request) {
    const auto provider = changeable_provider(call, "update");
    // Whoever is the provider cannot give that to somebody else.
    require(!request.change.user_id || may(call, "provider", "update"), forbidden,
            "You do not have permission to do this.");
    require_user(call, request.change.user_id);
    const auto changed = providers::change_provider(call.tx, provider.id, request.change);
    note(call, call.actor().user_id, "provider.update", "provider:" + provider.id.text());
    return view_of(call, changed);
}

struct StatusRequest {
    ProviderStatus status = ProviderStatus::active;
    std::string reason;

    void describe(Fields& f) {
        f("status", status);
        f.optional("reason", reason).length(0, 500);
    }
};

ProviderView set_status(Call& call, const StatusRequest& request) {
    const auto id = call.path<providers::ProviderId>();
    const auto changed = providers::set_provider_status(call.tx, id, request.status, request.reason);
    note(call, call.actor().user_id, "provider.set_status", "provider:" + id.text(),
         {{"status", json::Value(name_of(request.status))}});
    return view_of(call, changed);
}

}  // namespace

void mount_providers(Api& api) {
    api.section("Providers");
    api.post("/providers", create_provider)
        .named("provider_create")
        .summary("Add a provider, who is pending until let in")
        .needs("provider.create")
        .idempotent()
        .created();
    api.get("/providers", list_providers)
        .named("provider_list")
        .summary("Providers; those who may not read all see the active ones")
        .addition();
    api.get("/providers/{id}", show_provider)
        .named("provider_show")
        .summary("One provider with services and availability");
    api.put("/providers/{id}", change_provider)
        .named("provider_update")
        .summary("Change a provider")
        .addition();
    api.put("/providers/{id}/status", set_status)
        .named("provider_set_status")
        .summary("Let a provider in, turn one away, suspend one")
        .needs("provider.set_status")
        .addition();
}

}  // namespace pamoja::faces::upflame
