#include "providers/provider.hpp"

#include "base/wall_clock.hpp"
#include "jobs/queue.hpp"

namespace pamoja::providers {
namespace {

void require_time_zone(const std::string& zone) {
    require_field(is_time_zone(zone), "time_zone", "invalid",
                  "must be the name of an IANA time zone, such as Asia/Kolkata");
}

void require_free(Tx& tx, const UserId& user, const ProviderId& own) {
    const auto other = provider_of_user(tx, user);
    require_field(!other || other->id == own, "user_id", "taken", "This user is a provider already.");
}

json::Value event_data(const Provider& provider) {
    return json::Value(json::Object{{"provider_id", json::Value(provider.id.text())},
                                    {"provider_type", json::Value(name_of(provider.provider_type))},
                                    {"status", json::Value(name_of(provider.status))},
                                    {"reason", json::Value(provider.status_reason)}});
}

bool is_possible(ProviderStatus from, ProviderStatus to) {
    switch (from) {
        case ProviderStatus::pending:
            return to == ProviderStatus::active || to == ProviderStatus::rejected;
        case ProviderStatus::active:
            return to == ProviderStatus::suspended || to == ProviderStatus::rejected;
        case ProviderStatus::suspended:
            return to == ProviderStatus::active || to == ProviderStatus::rejected;
        case ProviderStatus::rejected:
            return to == ProviderStatus::active || to == ProviderStatus::pending;
    }
    return false;
}

}  // namespace

void Provider::describe(Fields& f) {
    f("id", id);
    f("provider_type", provider_type);
    f("first_name", first_name);
    f("last_name", last_name);
    f("email", email);
    f("phone", phone);
    f("status", status);
    f("status_reason", status_reason);
    f("user_id", user_id);
    f("time_zone", time_zone);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Provider create_provider(Tx& tx, const NewProvider& wanted) {
    require_time_zone(wanted.time_zone);
    if (wanted.user_id) require_free(tx, *wanted.user_id, {});
    const Provider provider{.id = tx.new_id<ProviderId>(),
                            .provider_type = wanted.provider_type,
                            .first_name = wanted.first_name,
                            .last_name = wanted.last_name,
                            .email = wanted.email,
                            .phone = wanted.phone,
                            .status = ProviderStatus::pending,
                            .status_reason = {},
                            .user_id = wanted.user_id,
                            .time_zone = wanted.time_zone,
                            .created_at = tx.now(),
                            .updated_at = tx.now()};
    tx.insert("providers", provider);
    jobs::publish(tx, "provider.created", event_data(provider));
    return provider;
}

Provider change_provider(Tx& tx, const ProviderId& id, const ProviderChange& change) {
    Provider provider = provider_with(tx, id);
    if (change.time_zone) require_time_zone(*change.time_zone);
    if (change.user_id) require_free(tx, *change.user_id, id);
    if (change.first_name) provider.first_name = *change.first_name;
    if (change.last_name) provider.last_name = *change.last_name;
    if (change.email) provider.email = *change.email;
    if (change.phone) provider.phone = *change.phone;
    if (change.time_zone) provider.time_zone = *change.time_zone;
    if (change.user_id) provider.user_id = change.user_id;
    provider.updated_at = tx.now();
    tx.run(
        "UPDATE providers SET first_name = $1, last_name = $2, email = $3, phone = $4, time_zone = $5, "
        "user_id = $6, updated_at = $7 WHERE tenant_id = :tenant AND id = $8",
        provider.first_name, provider.last_name, provider.email, provider.phone, provider.time_zone,
        provider.user_id, provider.updated_at, id);
    return provider;
}

Provider provider_with(Tx& tx, const ProviderId& id) {
    auto found = tx.maybe<Provider>("FROM providers WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such provider.");
    return std::move(*found);
}

std::optional<Provider> provider_of_user(Tx& tx, const UserId& user) {
    return tx.maybe<Provider>("FROM providers WHERE tenant_id = :tenant AND user_id = $1", user);
}

Page<Provider> providers_matching(Tx& tx, const ProviderFilter& filter, const PageRequest& page) {
    return tx.page<Provider>(page,
                             "FROM providers WHERE tenant_id = :tenant "
                             "AND provider_type = COALESCE($1, provider_type) "
                             "AND status = COALESCE($2, status)",
                             "created_at DESC, id DESC", filter.provider_type, filter.status);
}

Provider set_provider_status(Tx& tx, const ProviderId& id, ProviderStatus status, const std::string& reason) {
    Provider provider = provider_with(tx, id);
    if (provider.status == status) return provider;
    require(is_possible(provider.status, status), provider_status_conflict,
            "A provider who is " + std::string(name_of(provider.status)) + " cannot become " +
                name_of(status) + ".");
    provider.status = status;
    provider.status_reason = reason;
    provider.updated_at = tx.now();
    tx.run(
        "UPDATE providers SET status = $1, status_reason = $2, updated_at = $3 "
        "WHERE tenant_id = :tenant AND id = $4",
        provider.status, provider.status_reason, provider.updated_at, id);
    jobs::publish(tx, "provider.status_changed", event_data(provider));
    return provider;
}

}  // namespace pamoja::providers
