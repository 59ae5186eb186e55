#include "payments/events.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "jobs/queue.hpp"
#include "payments/suspense.hpp"

namespace pamoja::payments {
namespace {

struct StoredEvent {
    EventId id;
    EventKind kind = EventKind::push_callback;
    std::string digest;
    std::string match_id;  // what the provider calls the payment
    std::optional<PaymentId> payment_id;
    std::string body;
    std::string source;
    Timestamp received_at;

    void describe(Fields& f) {
        f("id", id);
        f("kind", kind);
        f("digest", digest);
        f("match_id", match_id);
        f("payment_id", payment_id);
        f("body", body);
        f("source", source);
        f("received_at", received_at);
    }
};

// Parses the message once to know whether it is one, and what it calls the payment.
std::string match_id_of(const Message& message) {
    switch (message.kind) {
        case EventKind::push_callback:
            return mpesa::parse_stk_callback(message.body).checkout_request_id;
        case EventKind::payout_result:
            return mpesa::parse_b2c_result(message.body).originator_conversation_id;
        case EventKind::payout_timeout:
            return mpesa::parse_timeout(message.body).originator_conversation_id;
        case EventKind::status_result:
            return mpesa::parse_status_result(message.body).original_conversation_id;
        case EventKind::customer_payment:
            return mpesa::parse_c2b(message.body).transaction_id;
    }
    return {};
}

jobs::NewJob apply_job(const EventId& id) {
    json::Object payload;
    payload.emplace_back("event_id", json::Value(id.text()));
    return {.kind = apply_event_job,
            .payload = json::Value(std::move(payload)),
            .unique_key = "event:" + id.text()};
}

void ask_provider_now(Tx& tx, const Payment& payment) {
    json::Object payload;
    payload.emplace_back("payment_id", json::Value(payment.id.text()));
    jobs::enqueue(tx, {.kind = reconcile_job,
                       .payload = json::Value(std::move(payload)),
                       .unique_key = "reconcile:" + payment.id.text(),
                       .if_live = jobs::IfLive::sooner});
}

std::optional<Payment> payment_of_event(Tx& tx, const StoredEvent& event) {
    if (event.payment_id) {
        return tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND id = $1", *event.payment_id);
    }
    if (event.match_id.empty()) return std::nullopt;
    if (event.kind == EventKind::push_callback) {
        return tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND checkout_request_id = $1",
                                 event.match_id);
    }
    return tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND conversation_id = $1",
                             event.match_id);
}

// Applies one stored message: who it is about is known, or found not to be known.
class Application {
  public:
    Application(Tx& tx, const Purposes& purposes, const ApplyRules& rules, const StoredEvent& event,
                bool is_confirmed)
        : tx_(tx), purposes_(purposes), rules_(rules), event_(event), is_confirmed_(is_confirmed) {}

    // Empty while the message has to wait.
    std::optional<std::string> run() {
        payment_ = payment_of_event(tx_, event_);
        switch (event_.kind) {
            case EventKind::push_callback:
                return push();
            case EventKind::payout_result:
                return payout();
            case EventKind::payout_timeout:
                return timeout();
            case EventKind::status_result:
                return status();
            case EventKind::customer_payment:
                return customer();
        }
        return std::nullopt;
    }
    const std::optional<Payment>& payment() const { return payment_; }

  private:
    std::optional<std::string> push() {
        const auto callback = mpesa::parse_stk_callback(event_.body);
        if (!payment_ || payment_->direction != Direction::collection) return push_of_nobody(callback);
        if (!callback.succeeded()) {
            if (callback.meaning() == mpesa::ResultMeaning::pending) return "ignored";
            const bool is_cancelled = callback.meaning() == mpesa::ResultMeaning::cancelled;
            payment_ = end(tx_, purposes_, *payment_,
                           is_cancelled ? PaymentStatus::cancelled : PaymentStatus::failed,
                           callback.result_code, callback.result_text);
            return "ended";
        }
        const bool is_same_amount = callback.amount && *callback.amount == payment_->amount;
        if (!is_same_amount && callback.amount)
            return set_aside(callback, "the amount differs from what was asked for");
        const bool is_second =
            payment_->receipt && !callback.receipt.empty() && *payment_->receipt != callback.receipt;
        if (is_second && callback.amount)
            return set_aside(callback, "the payment was completed by another receipt already");
        if (payment_->amount >= rules_.confirm_from && !is_confirmed_ &&
            payment_->status != PaymentStatus::completed) {
            ask_provider_now(tx_, *payment_);
            return std::nullopt;
        }
        if (is_receipt_of_another(callback.receipt)) return "receipt belongs to another payment";
        payment_ = complete(
            tx_, purposes_, *payment_,
            {callback.receipt, callback.transaction_date, callback.result_code, callback.result_text});
        return "completed";
    }

    std::optional<std::string> push_of_nobody(const mpesa::PushCallback& callback) {
        if (!callback.succeeded() || !callback.amount)
            return is_patience_over() ? std::optional<std::string>("unmatched") : std::nullopt;
        if (!is_patience_over()) return std::nullopt;
        return set_aside(callback, "no payment of ours has this checkout request");
    }

    std::string set_aside(const mpesa::PushCallback& callback, const std::string& reason) {
        put_into_suspense(tx_, {.receipt = callback.receipt.empty() ? event_.match_id : callback.receipt,
                                .amount = *callback.amount,
                                .phone = callback.phone,
                                .bill_reference = "",
                                .reason = reason,
                                .event_id = event_.id.text()});
        return "suspense";
    }

    std::optional<std::string> payout() {
        const auto result = mpesa::parse_b2c_result(event_.body);
        if (!payment_ || payment_->direction != Direction::payout) return "unmatched";
        if (!result.succeeded()) {
            if (result.meaning() == mpesa::ResultMeaning::pending) return "ignored";
            payment_ =
                end(tx_, purposes_, *payment_, PaymentStatus::failed, result.result_code, result.result_text);
            return "ended";
        }
        // Money that leaves in another amount than we asked for is for an operator to look at, not to book
        // away.
        if (result.amount && *result.amount != payment_->amount) return "amount differs";
        const std::string receipt = result.receipt.empty() ? result.transaction_id : result.receipt;
        if (is_receipt_of_another(receipt)) return "receipt belongs to another payment";
        payment_ = complete(tx_, purposes_, *payment_,
                            {receipt, result.parameter("TransactionCompletedDateTime"), result.result_code,
                             result.result_text});
        return "completed";
    }

    // Says nothing about the payment itself: only asking does.
    std::optional<std::string> timeout() {
        if (!payment_) return "unmatched";
        if (payment_->is_open()) ask_provider_now(tx_, *payment_);
        return "inquiry";
    }

    std::optional<std::string> status() {
        const auto result = mpesa::parse_status_result(event_.body);
        if (!payment_ || payment_->direction != Direction::payout) return "unmatched";
        if (result.is_completed()) {
            const std::string receipt = result.receipt.empty() ? result.transaction_id : result.receipt;
            if (is_receipt_of_another(receipt)) return "receipt belongs to another payment";
            payment_ = complete(
                tx_, purposes_, *payment_,
                {receipt, result.parameter("FinalisedTime"), result.result_code, result.result_text});
            return "completed";
        }
        const bool has_ended =
            result.succeeded() &&
            (result.transaction_status == "Failed" || result.transaction_status == "Cancelled" ||
             result.transaction_status == "Declined" || result.transaction_status == "Expired");
        // An inquiry that does not know the payout, well after it was sent, means that it never reached
        // M-Pesa.
        const bool is_unheard_of =
            result.meaning() == mpesa::ResultMeaning::failed && is_old_enough_to_be_known();
        if (!has_ended && !is_unheard_of) return "undecided";
        payment_ =
            end(tx_, purposes_, *payment_, PaymentStatus::failed, result.result_code,
                has_ended ? "M-Pesa reports the payout as " + result.transaction_status : result.result_text);
        return "ended";
    }

    std::optional<std::string> customer() {
        const auto paid = mpesa::parse_c2b(event_.body);
        if (is_receipt_known(paid.transaction_id)) return "known receipt";
        const auto explained = purposes_.explain ? purposes_.explain(tx_, paid) : std::nullopt;
        if (!explained) {
            put_into_suspense(tx_, {.receipt = paid.transaction_id,
                                    .amount = paid.amount,
                                    .phone = paid.phone,
                                    .bill_reference = paid.bill_reference,
                                    .reason = "the account number names nothing that can be paid",
                                    .event_id = event_.id.text()});
            return "suspense";
        }
        payment_ = open_payment(tx_, Direction::collection, *explained);
        payment_ = complete(tx_, purposes_, *payment_,
                            {paid.transaction_id, paid.transaction_time, "0", "Paid from the M-Pesa menu"});
        return "completed";
    }

    bool is_receipt_known(const std::string& receipt) {
        return !receipt.empty() &&
               (tx_.value<std::string>("SELECT id FROM payments WHERE tenant_id = :tenant AND receipt = $1",
                                       receipt) ||
                tx_.value<std::string>(
                    "SELECT id FROM suspense_items WHERE tenant_id = :tenant AND receipt = $1", receipt));
    }

    bool is_receipt_of_another(const std::string& receipt) {
        if (receipt.empty()) return false;
        const auto holder = tx_.value<std::string>(
            "SELECT id FROM payments WHERE tenant_id = :tenant AND receipt = $1", receipt);
        return holder && *holder != payment_->id.text();
    }

    bool is_patience_over() const { return tx_.now().since(event_.received_at) >= rules_.patience; }
    bool is_old_enough_to_be_known() const {
        return tx_.now().since(payment_->initiated_at) >= std::chrono::minutes(10);
    }

    Tx& tx_;
    const Purposes& purposes_;
    const ApplyRules& rules_;
    const StoredEvent& event_;
    bool is_confirmed_;
    std::optional<Payment> payment_;
};

}  // namespace

EventId receive(Tx& tx, const Message& message) {
    StoredEvent event{
        .id = tx.new_id<EventId>(),
        .kind = message.kind,
        .digest = to_hex(crypto::sha256(std::string(name_of(message.kind)) + "\n" + message.body)),
        .match_id = match_id_of(message),
        .payment_id = message.payment_id,
        .body = message.body,
        .source = message.source,
        .received_at = tx.now()};
    if (!tx.insert_if_absent("payment_events", event)) {
        return EventId(*tx.value<std::string>(
            "SELECT id FROM payment_events WHERE tenant_id = :tenant AND digest = $1", event.digest));
    }
    jobs::enqueue(tx, apply_job(event.id));
    return event.id;
}

Applied apply(Tx& tx, const Purposes& purposes, const ApplyRules& rules, const EventId& id,
              bool is_confirmed) {
    if (tx.value<std::string>(
            "SELECT outcome FROM payment_event_outcomes WHERE tenant_id = :tenant AND event_id = $1", id)) {
        return Applied::before;
    }
    const auto event = tx.maybe<StoredEvent>("FROM payment_events WHERE tenant_id = :tenant AND id = $1", id);
    require(event.has_value(), not_found, "There is no such event.");
    Application application(tx, purposes, rules, *event, is_confirmed);
    const auto outcome = application.run();
    if (!outcome) return Applied::waiting;
    const auto payment_id = application.payment() ? std::optional(application.payment()->id) : std::nullopt;
    tx.run(
        "INSERT INTO payment_event_outcomes (tenant_id, event_id, outcome, payment_id, applied_at) "
        "VALUES (:tenant, $1, $2, $3, $4)",
        id, *outcome, payment_id, tx.now());
    return Applied::now;
}

std::optional<EventId> waiting_success(Tx& tx, const Payment& payment) {
    const auto events = tx.all<StoredEvent>(
        "FROM payment_events WHERE tenant_id = :tenant AND kind = 'push_callback' AND (payment_id = $1 OR "
        "match_id = $2) "
        "AND id NOT IN (SELECT event_id FROM payment_event_outcomes WHERE tenant_id = :tenant) "
        "ORDER BY received_at, id LIMIT 20",
        payment.id, payment.checkout_request_id.value_or("none"));
    for (const auto& event : events) {
        if (mpesa::parse_stk_callback(event.body).succeeded()) return event.id;
    }
    return std::nullopt;
}

bool has_money_in_suspense(Tx& tx, const PaymentId& id) {
    return tx
        .value<std::string>(
            "SELECT event_id FROM payment_event_outcomes "
            "WHERE tenant_id = :tenant AND payment_id = $1 AND outcome = 'suspense' ORDER BY event_id LIMIT "
            "1",
            id)
        .has_value();
}

void apply_waiting(Tx& tx, const Purposes& purposes, const ApplyRules& rules, const Payment& payment) {
    const auto ids = tx.all<StoredEvent>(
        "FROM payment_events WHERE tenant_id = :tenant AND match_id = $1 ORDER BY received_at, id LIMIT 20",
        payment.checkout_request_id.value_or("none"));
    for (const auto& event : ids) apply(tx, purposes, rules, event.id);
}

}  // namespace pamoja::payments
