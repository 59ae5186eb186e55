#include "webhooks/sending.hpp"

#include "jobs/sweep.hpp"
#include "webhooks/internal/outbox.hpp"
#include "webhooks/internal/secrets.hpp"
#include "webhooks/internal/settling.hpp"
#include "webhooks/internal/target.hpp"
#include "webhooks/signature.hpp"

namespace pamoja::webhooks {
namespace {

constexpr jobs::Kind fan_out_kind{"webhooks.fan_out"};
constexpr jobs::Kind forget_kind{"webhooks.forget", jobs::Lane::upkeep, 3};
constexpr jobs::Kind forget_one_kind{"webhooks.forget_one"};
constexpr std::size_t answer_bytes_max = 256 * 1024;
constexpr std::int64_t forgotten_at_once = 500;

// A day's events may be many, so each is looked at by its own job; the endpoints of a tenant are few.
void fan_out(Tx& tx, const jobs::Job& job) {
    const jobs::Event event = jobs::event_of(job);
    const auto enabled = tx.all<Endpoint>(
        "FROM webhook_endpoints WHERE tenant_id = :tenant AND is_enabled = $1 AND removed_at IS NULL ORDER "
        "BY created_at, id LIMIT 50",
        true);
    bool has_message = false;
    for (const Endpoint& endpoint : enabled) {
        if (!endpoint.wants(event.name)) continue;
        if (!has_message) put_message(tx, event);
        has_message = true;
        put_delivery(tx, endpoint, event);
    }
}

// All that one attempt needs, read before the call.
struct Assignment {
    Delivery delivery;
    std::optional<Endpoint> endpoint = {};  // empty when it was removed
    std::string body = {};
    std::vector<SealedSecret> secrets = {};
    bool has_to_wait = false;  // for the one before it in order
};

std::optional<Assignment> assignment_of(Tx& tx, const DeliveryId& id) {
    auto delivery = tx.maybe<Delivery>(
        "FROM webhook_deliveries WHERE tenant_id = :tenant AND id = $1 AND status = 'pending'", id);
    if (!delivery) return std::nullopt;
    Assignment assignment{.delivery = std::move(*delivery)};
    assignment.endpoint = tx.maybe<Endpoint>(
        "FROM webhook_endpoints WHERE tenant_id = :tenant AND id = $1 AND removed_at IS NULL",
        assignment.delivery.endpoint_id);
    assignment.body = body_of(tx, assignment.delivery);
    assignment.secrets = live_secrets(tx, assignment.delivery.endpoint_id);
    assignment.has_to_wait = has_predecessor(tx, assignment.delivery);
    return assignment;
}

void end_without_attempt(jobs::JobCall& call, const Delivery& delivery, const char* error_class) {
    call.record([delivery, error_class](Tx& tx) {
        set_standing(tx, delivery,
                     {.status = DeliveryStatus::failed,
                      .attempts = delivery.attempts,
                      .response_status = delivery.response_status,
                      .error_class = error_class});
    });
}

// Those that a pause held back do not all come at its end.
void wait_out_pause(jobs::JobCall& call, const Delivery& delivery, Timestamp until) {
    constexpr std::uint64_t spread_micros = 2'000'000;
    const auto spread =
        std::chrono::microseconds(static_cast<std::int64_t>(call.random.below(spread_micros)));
    call.record([delivery, next = until.plus(spread)](Tx& tx) {
        set_standing(tx, delivery,
                     {.status = DeliveryStatus::pending,
                      .attempts = delivery.attempts,
                      .response_status = delivery.response_status,
                      .error_class = delivery.error_class,
                      .next_attempt_at = next});
    });
}

class Sender {
  public:
    Sender(const crypto::Keyring& keyring, web::WebClient& web, SendingRules rules)
        : keyring_(keyring), web_(web), rules_(rules) {}

    void deliver(jobs::JobCall& call) const {
        const DeliveryId id(call.job.payload.text_or_empty());
        const auto assignment =
            call.database.read(call.tenant, [&](Tx& tx) { return assignment_of(tx, id); });
        // Whoever ends the one before it starts this one again.
        if (!assignment || assignment->has_to_wait) return;
        const Delivery& delivery = assignment->delivery;
        const auto& endpoint = assignment->endpoint;
        if (!endpoint) return end_without_attempt(call, delivery, "removed");
        if (!endpoint->is_enabled) return end_without_attempt(call, delivery, "disabled");
        if (endpoint->paused_until && *endpoint->paused_until > call.clock.now())
            return wait_out_pause(call, delivery, *endpoint->paused_until);
        const auto secrets = open_secrets(assignment->secrets, keyring_);
        if (secrets.empty()) return end_without_attempt(call, delivery, "no_secret");
        attempt(call, *assignment, secrets);
    }

  private:
    void attempt(jobs::JobCall& call, const Assignment& assignment,
                 const std::vector<std::string>& secrets) const {
        const Delivery& delivery = assignment.delivery;
        Attempt attempt{.delivery_id = delivery.id,
                        .number = delivery.attempts + 1,
                        .url = assignment.endpoint->url,
                        .timestamp_seconds = call.clock.now().seconds(),
                        .attempted_at = call.clock.now()};
        attempt.signature = signature_header(
            secrets, signed_content(delivery.message_id.text(), attempt.timestamp_seconds, assignment.body));
        const auto started = std::chrono::steady_clock::now();
        const auto response = send(attempt, delivery.message_id, assignment.body);
        attempt.duration_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
                .count();
        const Answer answer = answer_of(response, call.clock.now());
        call.record([delivery, attempt, answer, rules = rules_](Tx& tx) {
            settle(tx, delivery, attempt, answer, rules);
        });
    }

    web::WebResponse send(const Attempt& attempt, const MessageId& message, const std::string& body) const {
        const auto reach = reach_of(attempt.url, rules_.urls);
        if (!reach) {
            web::WebResponse refused;
            refused.outcome = {.transport = web::Transport::malformed, .never_sent = true};
            return refused;
        }
        return web_.call({.method = web::Method::post,
                          .url = attempt.url,
                          .headers = {{"Content-Type", "application/json"},
                                      {"webhook-id", message.text()},
                                      {"webhook-timestamp", std::to_string(attempt.timestamp_seconds)},
                                      {"webhook-signature", attempt.signature}},
                          .body = body,
                          .reach = *reach,
                          .total_timeout = rules_.timeout,
                          .answer_bytes_max = answer_bytes_max,
                          .is_repeatable = true});
    }

    const crypto::Keyring& keyring_;
    web::WebClient& web_;
    const SendingRules rules_;
};

bool forget(Tx& tx, Timestamp before) {
    const auto old = tx.all<Delivery>(
        "FROM webhook_deliveries WHERE tenant_id = :tenant AND status <> 'pending' AND ended_at < $1 ORDER "
        "BY created_at, id LIMIT CAST($2 AS BIGINT)",
        before, forgotten_at_once);
    for (const Delivery& each : old) {
        tx.run("DELETE FROM webhook_attempts WHERE tenant_id = :tenant AND delivery_id = $1", each.id);
        tx.run("DELETE FROM webhook_deliveries WHERE tenant_id = :tenant AND id = $1", each.id);
        tx.run(
            "DELETE FROM webhook_messages WHERE tenant_id = :tenant AND id = $1 AND NOT EXISTS (SELECT 1 "
            "FROM webhook_deliveries WHERE tenant_id = :tenant AND message_id = $1)",
            each.message_id);
    }
    return static_cast<std::int64_t>(old.size()) == forgotten_at_once;
}

}  // namespace

void handle_webhooks(jobs::Handlers& handlers, const crypto::Keyring& keyring, web::WebClient& web,
                     SendingRules rules) {
    handlers.add(fan_out_kind, jobs::InsideHandler(fan_out));
    handlers.subscribe("*", fan_out_kind);
    handlers.add(deliver_webhook, [sender = std::make_shared<Sender>(keyring, web, rules)](
                                      jobs::JobCall& call) { sender->deliver(call); });
    jobs::handle_sweep(
        handlers, {.kind = forget_kind,
                   .one_kind = forget_one_kind,
                   .when = jobs::Every{std::chrono::hours(6)},
                   .finders = {[memory = rules.memory](Tx& tx, const TenantSlice& slice) {
                       return tenants_with(tx, slice, "webhook_messages", "created_at < $1",
                                           tx.now().minus(memory));
                   }},
                   .turn = [memory = rules.memory](Tx& tx) { return forget(tx, tx.now().minus(memory)); }});
}

}  // namespace pamoja::webhooks
