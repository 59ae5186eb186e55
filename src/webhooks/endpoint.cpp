#include "webhooks/endpoint.hpp"

#include <algorithm>

#include "connectors/web/url.hpp"
#include "webhooks/internal/secrets.hpp"
#include "webhooks/internal/target.hpp"

namespace pamoja::webhooks {
namespace {

constexpr std::int64_t endpoints_max = 50;
constexpr std::size_t secrets_max = 5;
constexpr std::size_t description_max = 500;
constexpr std::size_t event_types_max = 100;
constexpr std::size_t event_type_length_max = 100;
constexpr std::chrono::hours overlap_max{24 * 7};
constexpr std::string_view any_verb = ".*";

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Words with dots between, and perhaps ".*" at the end.
bool is_event_type(std::string_view text) {
    if (text.size() > event_type_length_max) return false;
    if (text.ends_with(any_verb)) text.remove_suffix(any_verb.size());
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        if (!is_word(text.substr(0, dot))) return false;
        text.remove_prefix(dot + 1);
    }
    return is_word(text);
}

void require_event_types(const std::vector<std::string>& types) {
    require_field(types.size() <= event_types_max, "event_types", "too_long",
                  "An endpoint names at most 100 event types.");
    require_field(std::ranges::all_of(types, is_event_type), "event_types", "invalid",
                  "An event type is words with dots between, such as booking.created or booking.*.");
}

void describe_changeable(Fields& f, EndpointChanges& changes) {
    f.optional("url", changes.url).length(1, 2048);
    f.optional("description", changes.description).length(0, description_max);
    f.optional("event_types", changes.event_types);
    f.optional("is_ordered", changes.is_ordered);
    f.optional("is_enabled", changes.is_enabled);
}

// Whoever enables an endpoint again says that it works: old failures do not count against it.
void enable(Endpoint& endpoint, bool is_enabled) {
    if (endpoint.is_enabled == is_enabled) return;
    endpoint.is_enabled = is_enabled;
    endpoint.disabled_reason = is_enabled ? DisabledReason::none : DisabledReason::asked;
    endpoint.failures_in_a_row = 0;
    endpoint.failing_since.reset();
    endpoint.paused_until.reset();
}

void save(Tx& tx, const Endpoint& endpoint) {
    tx.run(
        "UPDATE webhook_endpoints SET url = $2, description = $3, event_types = $4, is_ordered = $5, "
        "is_enabled = $6, disabled_reason = $7, failures_in_a_row = $8, failing_since = $9, paused_until = "
        "$10, updated_at = $11 WHERE tenant_id = :tenant AND id = $1",
        endpoint.id, endpoint.url, endpoint.description, endpoint.event_types, endpoint.is_ordered,
        endpoint.is_enabled, endpoint.disabled_reason, endpoint.failures_in_a_row, endpoint.failing_since,
        endpoint.paused_until, endpoint.updated_at);
}

}  // namespace

bool Endpoint::wants(std::string_view event_type) const {
    return event_types.empty() || std::ranges::any_of(event_types, [&](std::string_view each) {
               if (!each.ends_with(any_verb)) return each == event_type;
               return event_type.starts_with(each.substr(0, each.size() - 1));
           });
}

void Endpoint::describe(Fields& f) {
    f("id", id);
    f("url", url);
    f("description", description);
    f("event_types", event_types);
    f("is_ordered", is_ordered);
    f("is_enabled", is_enabled);
    f("disabled_reason", disabled_reason);
    f("failures_in_a_row", failures_in_a_row);
    f("failing_since", failing_since);
    f("paused_until", paused_until);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

void NewEndpoint::describe(Fields& f) {
    f("url", url).length(1, 2048);
    f.optional("description", description).length(0, description_max);
    f.optional("event_types", event_types);
    f.optional("is_ordered", is_ordered);
    f.optional("is_enabled", is_enabled);
}

void EndpointChanges::describe(Fields& f) {
    describe_changeable(f, *this);
}

WithSecret add_endpoint(Tx& tx, const NewEndpoint& wanted, const UrlRules& rules,
                        const crypto::Keyring& keyring) {
    require_url(wanted.url, rules);
    require_event_types(wanted.event_types);
    const auto count = *tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM webhook_endpoints WHERE tenant_id = :tenant AND removed_at IS NULL");
    require(count < endpoints_max, conflict, "There are 50 webhook endpoints already. Remove one first.");
    Endpoint endpoint{.id = tx.new_id<EndpointId>(),
                      .url = wanted.url,
                      .description = wanted.description,
                      .event_types = wanted.event_types,
                      .is_ordered = wanted.is_ordered,
                      .created_at = tx.now(),
                      .updated_at = tx.now()};
    enable(endpoint, wanted.is_enabled);
    tx.insert("webhook_endpoints", endpoint);
    std::string secret = add_secret(tx, endpoint.id, keyring);
    return {std::move(endpoint), std::move(secret)};
}

Endpoint change_endpoint(Tx& tx, const EndpointId& id, const EndpointChanges& changes,
                         const UrlRules& rules) {
    Endpoint endpoint = endpoint_of(tx, id);
    if (changes.url) require_url(*changes.url, rules);
    if (changes.event_types) require_event_types(*changes.event_types);
    endpoint.url = changes.url.value_or(endpoint.url);
    endpoint.description = changes.description.value_or(endpoint.description);
    endpoint.event_types = changes.event_types.value_or(endpoint.event_types);
    endpoint.is_ordered = changes.is_ordered.value_or(endpoint.is_ordered);
    enable(endpoint, changes.is_enabled.value_or(endpoint.is_enabled));
    endpoint.updated_at = tx.now();
    save(tx, endpoint);
    return endpoint;
}

void remove_endpoint(Tx& tx, const EndpointId& id) {
    const auto removed = tx.run(
        "UPDATE webhook_endpoints SET removed_at = $2, is_enabled = $3 WHERE tenant_id = :tenant AND id = $1 "
        "AND removed_at IS NULL",
        id, tx.now(), false);
    require(removed == 1, not_found, "There is no such webhook endpoint.");
    tx.run("DELETE FROM webhook_secrets WHERE tenant_id = :tenant AND endpoint_id = $1", id);
}

Endpoint endpoint_of(Tx& tx, const EndpointId& id) {
    auto found = tx.maybe<Endpoint>(
        "FROM webhook_endpoints WHERE tenant_id = :tenant AND id = $1 AND removed_at IS NULL", id);
    require(found.has_value(), not_found, "There is no such webhook endpoint.");
    return std::move(*found);
}

Page<Endpoint> endpoints(Tx& tx, const PageRequest& page) {
    return tx.page<Endpoint>(page, "FROM webhook_endpoints WHERE tenant_id = :tenant AND removed_at IS NULL",
                             "created_at DESC, id DESC");
}

WithSecret rotate_secret(Tx& tx, const EndpointId& id, std::chrono::seconds overlap,
                         const crypto::Keyring& keyring) {
    require_field(overlap.count() >= 0 && overlap <= overlap_max, "overlap_seconds", "invalid",
                  "Older secrets sign for at most seven days more.");
    Endpoint endpoint = endpoint_of(tx, id);
    const Timestamp expires_at = tx.now().plus(overlap);
    tx.run(
        "UPDATE webhook_secrets SET expires_at = $2 WHERE tenant_id = :tenant AND endpoint_id = $1 AND "
        "(expires_at IS NULL OR expires_at > $2)",
        id, expires_at);
    require(live_secrets(tx, id).size() < secrets_max, conflict,
            "Four older secrets still sign. Wait until one expires, or rotate without overlap.");
    std::string secret = add_secret(tx, id, keyring);
    return {std::move(endpoint), std::move(secret)};
}

}  // namespace pamoja::webhooks
