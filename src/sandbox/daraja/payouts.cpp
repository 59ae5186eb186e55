#include "sandbox/daraja/payouts.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr int server_error = 500;
constexpr std::size_t occasion_length_max = 100;
constexpr std::size_t id_length_max = 128;

}  // namespace

std::string Payouts::request(const Command& command, PayoutVersion version) {
    Payout payout = read(command, version);
    {
        const std::lock_guard lock(mutex_);
        if (payouts_.find(payout.conversation.originator_id) != nullptr) {
            throw Refusal(server_error, "500.002.1001", "Duplicate OriginatorConversationID.");
        }
        payout.plan = network_.script.take(control_phone(payout.phone));
        if (payout.plan.outcome == Outcome::http_500) {
            throw Refusal(server_error, "500.003.01", "Internal Server Error");
        }
        payouts_.add(payout, {payout.conversation.id, payout.conversation.originator_id});
    }
    schedule(payout);
    return acceptance_of(payout.conversation);
}

std::optional<Payout> Payouts::find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const std::string* conversation_id = transactions_.find(id);
    const Payout* payout = payouts_.find(conversation_id == nullptr ? id : *conversation_id);
    return payout == nullptr ? std::nullopt : std::optional(*payout);
}

void Payouts::clear() {
    const std::lock_guard lock(mutex_);
    payouts_.clear();
    transactions_.clear();
}

Payout Payouts::read(const Command& command, PayoutVersion version) {
    Payout payout;
    payout.conversation = begin_conversation(network_, command, "InitiatorName");
    if (version == PayoutVersion::v3) {
        payout.conversation.originator_id = command.text_within("OriginatorConversationID", 1, id_length_max);
    }
    payout.command_id = command.one_of("CommandID", {"SalaryPayment", "BusinessPayment", "PromotionPayment"});
    payout.amount = command.whole_amount();
    payout.short_code = command.short_code("PartyA");
    payout.phone = command.phone("PartyB");
    // Safaricom spells it differently in its two versions, and takes both.
    command.text_within("Occassion", 0, occasion_length_max);
    command.text_within("Occasion", 0, occasion_length_max);
    payout.requested_at = network_.clock.now();
    return payout;
}

void Payouts::schedule(const Payout& payout) {
    const std::string& id = payout.conversation.id;
    if (payout.plan.outcome == Outcome::timeout) {
        network_.decisions.after(payout.plan.delay, [this, id] { expire(id); });
        return;
    }
    if (payout.plan.outcome == Outcome::late_callback) {
        network_.decisions.after(payout.plan.timeout_delay(), [this, payout] { tell_timeout(payout); });
    }
    network_.decisions.after(payout.plan.delay, [this, id] { decide(id); });
}

void Payouts::decide(const std::string& conversation_id) {
    const std::lock_guard lock(mutex_);
    Payout* payout = payouts_.find(conversation_id);
    if (payout == nullptr) return;  // forgotten by a reset
    payout->transaction_id = network_.books.new_receipt();
    payout->decided_at = network_.clock.now();
    transactions_.add(conversation_id, {payout->transaction_id});
    Verdict verdict = verdict_of(payout->plan.outcome);
    if (verdict.is_success()) {
        const auto moved = network_.books.record({.receipt = payout->transaction_id,
                                                  .direction = Direction::out,
                                                  .kind = MovementKind::payout,
                                                  .amount = payout->amount,
                                                  .phone = control_phone(payout->phone),
                                                  .short_code = payout->short_code,
                                                  .reference = payout->conversation.originator_id});
        if (!moved) verdict = insufficient_funds_verdict();
    }
    payout->state = verdict.is_success() ? PayoutState::completed : PayoutState::failed;
    const std::string body = verdict.is_success()
                                 ? success_of(*payout)
                                 : result_of(payout->conversation, verdict, payout->transaction_id, {});
    tell(network_, payout->plan,
         {.url = payout->conversation.result_url, .body = body, .phone = control_phone(payout->phone)});
}

void Payouts::expire(const std::string& conversation_id) {
    const std::lock_guard lock(mutex_);
    Payout* payout = payouts_.find(conversation_id);
    if (payout == nullptr) return;
    payout->state = PayoutState::expired;
    payout->decided_at = network_.clock.now();
    tell_timeout(*payout);
}

std::string Payouts::success_of(const Payout& payout) {
    const std::string funds = amount_text(network_.books.balance_of(payout.short_code));
    return result_of(payout.conversation, success_verdict(), payout.transaction_id,
                     {{"TransactionAmount", amount_text(payout.amount)},
                      text_value("TransactionReceipt", payout.transaction_id),
                      text_value("B2CRecipientIsRegisteredCustomer", "Y"),
                      {"B2CChargesPaidAccountAvailableFunds", "0.00"},
                      text_value("ReceiverPartyPublicName", public_name(payout.phone)),
                      text_value("TransactionCompletedDateTime", dotted_time(payout.decided_at)),
                      {"B2CUtilityAccountAvailableFunds", funds},
                      {"B2CWorkingAccountAvailableFunds", "0.00"}});
}

// Says that the request waited too long, which tells nothing about the payment.
void Payouts::tell_timeout(const Payout& payout) {
    network_.courier.send({.url = payout.conversation.timeout_url,
                           .body = result_of(payout.conversation, timeout_verdict(), "", {}),
                           .phone = control_phone(payout.phone)});
}

}  // namespace pamoja::sandbox::daraja
