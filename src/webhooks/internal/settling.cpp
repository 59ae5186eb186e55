#include "webhooks/internal/settling.hpp"

#include <algorithm>

#include "webhooks/internal/outbox.hpp"

namespace pamoja::webhooks {
namespace {

std::optional<Endpoint> present_endpoint(Tx& tx, const EndpointId& id) {
    return tx.maybe<Endpoint>(
        "FROM webhook_endpoints WHERE tenant_id = :tenant AND id = $1 AND removed_at IS NULL", id);
}

// Most successes find nothing to change, so that the endpoint's row is not one that all deliveries write.
void note_success(Tx& tx, const EndpointId& id) {
    tx.run(
        "UPDATE webhook_endpoints SET failures_in_a_row = 0, failing_since = NULL, paused_until = NULL WHERE "
        "tenant_id = :tenant AND id = $1 AND failures_in_a_row > 0",
        id);
}

void disable(Tx& tx, Endpoint& endpoint, DisabledReason reason) {
    endpoint.is_enabled = false;
    tx.run(
        "UPDATE webhook_endpoints SET is_enabled = $2, disabled_reason = $3, updated_at = $4 WHERE tenant_id "
        "= :tenant AND id = $1",
        endpoint.id, false, reason, tx.now());
    json::Object data{{"endpoint_id", json::Value(endpoint.id.text())},
                      {"reason", json::Value(name_of(reason))},
                      {"description", json::Value(endpoint.description)}};
    jobs::publish(tx, endpoint_disabled, json::Value(std::move(data)));
}

void note_failure(Tx& tx, Endpoint& endpoint, const Answer& answer, const SendingRules& rules) {
    endpoint.failures_in_a_row += 1;
    endpoint.failing_since = endpoint.failing_since.value_or(tx.now());
    if (answer.is_overloaded()) {
        const std::chrono::microseconds asked = answer.retry_after.value_or(std::chrono::seconds(0));
        endpoint.paused_until = tx.now().plus(std::max(asked, pause_after(endpoint.failures_in_a_row)));
    }
    tx.run(
        "UPDATE webhook_endpoints SET failures_in_a_row = $2, failing_since = $3, paused_until = $4 WHERE "
        "tenant_id = :tenant AND id = $1",
        endpoint.id, endpoint.failures_in_a_row, endpoint.failing_since, endpoint.paused_until);
    if (!endpoint.is_enabled) return;
    if (answer.is_gone()) {
        disable(tx, endpoint, DisabledReason::gone);
    } else if (tx.now().since(*endpoint.failing_since) >= rules.give_up_after) {
        disable(tx, endpoint, DisabledReason::failing);
    }
}

std::optional<Timestamp> next_attempt(Tx& tx, const Endpoint& endpoint, std::int64_t attempts,
                                      const Answer& answer) {
    const auto delay = delay_after(attempts, tx.random());
    if (!endpoint.is_enabled || !delay) return std::nullopt;
    const std::chrono::microseconds asked = answer.retry_after.value_or(std::chrono::seconds(0));
    const Timestamp next = tx.now().plus(std::max(*delay, asked));
    return std::max(next, endpoint.paused_until.value_or(next));
}

}  // namespace

void settle(Tx& tx, const Delivery& delivery, Attempt attempt, const Answer& answer,
            const SendingRules& rules) {
    attempt.id = tx.new_id<AttemptId>();
    attempt.response_status = answer.status;
    attempt.response_excerpt = answer.excerpt;
    attempt.error_class = answer.error_class;
    tx.insert("webhook_attempts", attempt);
    Standing standing{.status = DeliveryStatus::delivered,
                      .attempts = attempt.number,
                      .response_status = answer.status,
                      .error_class = answer.error_class};
    if (answer.is_success()) {
        note_success(tx, delivery.endpoint_id);
        return set_standing(tx, delivery, standing);
    }
    auto endpoint = present_endpoint(tx, delivery.endpoint_id);
    if (endpoint) {
        note_failure(tx, *endpoint, answer, rules);
        standing.next_attempt_at = next_attempt(tx, *endpoint, attempt.number, answer);
    }
    standing.status = standing.next_attempt_at ? DeliveryStatus::pending : DeliveryStatus::failed;
    set_standing(tx, delivery, standing);
}

}  // namespace pamoja::webhooks
