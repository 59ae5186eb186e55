#include "payments/mpesa_desk.hpp"

#include "jobs/queue.hpp"

namespace pamoja::payments {
namespace {

using std::chrono::seconds;

constexpr jobs::Kind register_addresses_job{"payments.register_addresses", jobs::Lane::outside, 20};

// When the reconciler asks: soon while the customer still holds the handset, then rarer. Repeats the last.
constexpr std::array<int, 9> check_delays_seconds{20, 20, 30, 60, 120, 300, 900, 1800, 3600};
// A push that was never answered and never called back has not reached the customer.
constexpr auto push_answer_patience = std::chrono::minutes(10);
constexpr auto patience = std::chrono::hours(24);

jobs::NewJob job_about(const jobs::Kind& kind, const char* key, const PaymentId& id) {
    json::Object payload;
    payload.emplace_back("payment_id", json::Value(id.text()));
    return {.kind = kind,
            .payload = json::Value(std::move(payload)),
            .unique_key = std::string(key) + ":" + id.text()};
}

PaymentId payment_in(const jobs::Job& job) {
    return PaymentId(job.payload.find("payment_id")->text_or_empty());
}

seconds delay_of(std::int64_t checks) {
    const auto last = static_cast<std::int64_t>(check_delays_seconds.size()) - 1;
    return seconds(check_delays_seconds[static_cast<std::size_t>(std::min(checks, last))]);
}

void check_later(Tx& tx, const PaymentId& id) {
    auto job = job_about(reconcile_job, "reconcile", id);
    job.run_at = tx.now().plus(delay_of(0));
    jobs::enqueue(tx, job);
}

[[noreturn]] void ask_again(const Payment& payment) {
    throw jobs::Retry("the payment is not decided yet", delay_of(payment.checks + 1));
}

}  // namespace

MpesaDesk::MpesaDesk(mpesa::Daraja& daraja, const Purposes& purposes, DeskConfig config)
    : daraja_(daraja), purposes_(purposes), config_(std::move(config)) {}

MpesaDesk::OpenedPush MpesaDesk::open_push(Tx& tx, const NewPayment& wanted) const {
    auto payment = open_payment(tx, Direction::collection, wanted);
    if (payment.status != PaymentStatus::created) return {payment, false};
    payment.status = PaymentStatus::submitted;
    save(tx, payment);
    check_later(tx, payment.id);
    return {payment, true};
}

mpesa::Answer<mpesa::PushAccepted> MpesaDesk::push(const Payment& payment) const {
    return daraja_.stk_push({.amount = payment.amount,
                             .phone = payment.phone,
                             .account_reference = payment.account_reference,
                             .description = payment.description,
                             .callback_url = url("push", payment.id)});
}

Payment MpesaDesk::record_push(Tx& tx, const PaymentId& id,
                               const mpesa::Answer<mpesa::PushAccepted>& answer) const {
    auto payment = payment_with(tx, id);
    if (answer.is_accepted()) {
        payment.merchant_request_id = answer.accepted.merchant_request_id;
        payment.checkout_request_id = answer.accepted.checkout_request_id;
        if (payment.status == PaymentStatus::submitted) payment.status = PaymentStatus::pending;
        save(tx, payment);
        apply_waiting(tx, purposes_, config_.rules, payment);
        return payment_with(tx, id);
    }
    const bool has_ended =
        answer.kind == mpesa::AnswerKind::refused || answer.kind == mpesa::AnswerKind::unreachable;
    if (!has_ended)
        return payment;  // it may have reached the handset: the callback or the reconciler decides
    return end(tx, purposes_, payment, PaymentStatus::failed, answer.code, answer.message);
}

bool MpesaDesk::would_accept(Tx& tx, const mpesa::CustomerPayment& paid) const {
    return purposes_.explain && purposes_.explain(tx, paid).has_value();
}

void MpesaDesk::announce_addresses(Tx& tx) const {
    jobs::enqueue(tx, {.kind = register_addresses_job, .unique_key = "register_addresses"});
}

void MpesaDesk::handle_jobs(jobs::Handlers& handlers) const {
    handlers.add(register_addresses_job,
                 jobs::OutsideHandler([this](jobs::JobCall& call) { register_addresses(call); }));
    handlers.add(apply_event_job,
                 jobs::InsideHandler([this](Tx& tx, const jobs::Job& job) { apply_later(tx, job); }));
    handlers.add(send_payout_job, jobs::OutsideHandler([this](jobs::JobCall& call) { send_payout(call); }));
    handlers.add(reconcile_job, jobs::OutsideHandler([this](jobs::JobCall& call) { reconcile(call); }));
}

void MpesaDesk::apply_later(Tx& tx, const jobs::Job& job) const {
    const EventId id(job.payload.find("event_id")->text_or_empty());
    // What waits for a query is applied by the reconciler; what waits for its payment is tried until
    // suspense.
    if (apply(tx, id) == Applied::waiting)
        throw jobs::Retry("the message waits for its payment", seconds(30));
}

void MpesaDesk::register_addresses(jobs::JobCall&) const {
    const auto answer =
        daraja_.c2b_register({.validation_url = config_.callback_base_url + "/validation",
                              .confirmation_url = config_.callback_base_url + "/confirmation"});
    if (!answer.is_accepted()) throw jobs::Retry("Safaricom did not take the addresses: " + answer.code);
}

void MpesaDesk::send_payout(jobs::JobCall& call) const {
    const PaymentId id = payment_in(call.job);
    // Marked before the call: whoever finds it marked must ask what became of it and never send it again.
    const bool is_mine = call.database.write(call.tenant, [&](Tx& tx) {
        auto payment = payment_with(tx, id);
        if (payment.status != PaymentStatus::created) return false;
        payment.status = PaymentStatus::submitted;
        save(tx, payment);
        check_later(tx, id);
        return true;
    });
    if (!is_mine) return;
    const auto payment = call.database.read(call.tenant, [&](Tx& tx) { return payment_with(tx, id); });
    const auto answer = daraja_.b2c({.originator_conversation_id = payment.conversation_id,
                                     .amount = payment.amount,
                                     .phone = payment.phone,
                                     .remarks = payment.description,
                                     .occasion = payment.account_reference,
                                     .result_url = url("payout", id),
                                     .timeout_url = url("payout-timeout", id)});
    call.record([this, id, answer](Tx& tx) { record_payout(tx, id, answer); });
    const bool is_never_sent = answer.kind == mpesa::AnswerKind::unreachable ||
                               (answer.kind == mpesa::AnswerKind::refused && answer.is_retryable);
    if (is_never_sent && !call.job.is_last_attempt())
        throw jobs::Retry("the payout was not taken: " + answer.code);
}

void MpesaDesk::record_payout(Tx& tx, const PaymentId& id,
                              const mpesa::Answer<mpesa::CommandAccepted>& answer) const {
    auto payment = payment_with(tx, id);
    if (payment.status != PaymentStatus::submitted) return;  // the result was faster
    switch (answer.kind) {
        case mpesa::AnswerKind::accepted:
            payment.status = PaymentStatus::pending;
            payment.merchant_request_id = answer.accepted.conversation_id;
            return save(tx, payment);
        case mpesa::AnswerKind::refused:
            if (!answer.is_retryable) {
                end(tx, purposes_, payment, PaymentStatus::failed, answer.code, answer.message);
                return;
            }
            [[fallthrough]];
        case mpesa::AnswerKind::unreachable:
            payment.status = PaymentStatus::created;
            return save(tx, payment);
        case mpesa::AnswerKind::pending:
        case mpesa::AnswerKind::unknown:
            return;
    }
}

void MpesaDesk::reconcile(jobs::JobCall& call) const {
    const PaymentId id = payment_in(call.job);
    const auto payment = call.database.read(call.tenant, [&](Tx& tx) { return payment_with(tx, id); });
    if (!payment.is_open()) return;
    if (payment.status == PaymentStatus::created) ask_again(payment);  // its payout is being tried again
    if (call.clock.now().since(payment.initiated_at) > patience) {
        call.record([this, id](Tx& tx) {
            end(tx, purposes_, payment_with(tx, id), PaymentStatus::unknown, "",
                "M-Pesa gave no result within a day");
        });
        return;
    }
    call.record([id](Tx& tx) {
        auto asked = payment_with(tx, id);
        ++asked.checks;
        save(tx, asked);
    });
    if (payment.direction == Direction::collection) return ask_about_push(call, payment);
    ask_about_payout(call, payment);
}

void MpesaDesk::ask_about_push(jobs::JobCall& call, const Payment& payment) const {
    const auto id = payment.id;
    if (!payment.checkout_request_id) {
        if (call.clock.now().since(payment.initiated_at) < push_answer_patience) ask_again(payment);
        call.record([this, id](Tx& tx) {
            end(tx, purposes_, payment_with(tx, id), PaymentStatus::failed, "",
                "M-Pesa did not answer the request");
        });
        return;
    }
    const auto answer = daraja_.stk_query(*payment.checkout_request_id);
    if (!answer.is_accepted()) ask_again(payment);
    const auto result = answer.accepted;
    switch (result.meaning) {
        case mpesa::ResultMeaning::pending:
            ask_again(payment);
        case mpesa::ResultMeaning::success:
            return call.record([this, id, result](Tx& tx) {
                const auto paid = payment_with(tx, id);
                if (has_money_in_suspense(tx, id)) {
                    end(tx, purposes_, paid, PaymentStatus::failed, result.result_code,
                        "Another amount arrived; it waits to be assigned");
                    return;
                }
                // The callback knows the receipt, which a query does not tell.
                const auto waiting = waiting_success(tx, paid);
                if (waiting && payments::apply(tx, purposes_, config_.rules, *waiting, true) == Applied::now)
                    return;
                complete(tx, purposes_, payment_with(tx, id),
                         {"", "", result.result_code, result.result_text});
            });
        case mpesa::ResultMeaning::cancelled:
        case mpesa::ResultMeaning::retryable:
        case mpesa::ResultMeaning::failed:
            return call.record([this, id, result](Tx& tx) {
                const bool is_cancelled = result.meaning == mpesa::ResultMeaning::cancelled;
                end(tx, purposes_, payment_with(tx, id),
                    is_cancelled ? PaymentStatus::cancelled : PaymentStatus::failed, result.result_code,
                    result.result_text);
            });
    }
}

void MpesaDesk::ask_about_payout(jobs::JobCall&, const Payment& payment) const {
    // The answer comes to the status address; whatever this call says, the payment stays open until then.
    daraja_.transaction_status({.original_conversation_id = payment.conversation_id,
                                .result_url = url("status", payment.id),
                                .timeout_url = url("status-timeout", payment.id)});
    ask_again(payment);
}

std::string MpesaDesk::url(const char* kind, const PaymentId& id) const {
    return config_.callback_base_url + "/" + kind + "/" + id.text();
}

}  // namespace pamoja::payments
