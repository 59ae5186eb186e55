#include "sandbox/daraja/inquiries.hpp"

#include <cstdlib>

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::chrono::milliseconds result_delay{100};
constexpr std::size_t id_length_max = 128;

const char* status_name(PayoutState state) {
    switch (state) {
        case PayoutState::pending:
            return "Pending";
        case PayoutState::completed:
            return "Completed";
        case PayoutState::failed:
            return "Failed";
        case PayoutState::expired:
            return "Expired";
    }
    std::abort();
}

std::string organization_name(const std::string& short_code) {
    return short_code + " - Pamoja Sandbox";
}

std::vector<ResultValue> values_of(const Payout& payout) {
    const bool is_decided = payout.state != PayoutState::pending;
    return {text_value("ReceiptNo", payout.transaction_id),
            text_value("Conversation ID", payout.conversation.id),
            {"FinalisedTime", is_decided ? compact_time(payout.decided_at) : ""},
            {"Amount", amount_text(payout.amount)},
            text_value("TransactionStatus", status_name(payout.state)),
            text_value("ReasonType", "Business Payment to Customer via API"),
            {"TransactionReason", ""},
            text_value("DebitPartyCharges", ""),
            text_value("DebitAccountType", "Utility Account"),
            {"InitiatedTime", compact_time(payout.requested_at)},
            text_value("Originator Conversation ID", payout.conversation.originator_id),
            text_value("CreditPartyName", public_name(payout.phone)),
            text_value("DebitPartyName", organization_name(payout.short_code))};
}

std::vector<ResultValue> values_of(const Movement& movement) {
    const std::string customer = public_name(movement.phone.substr(1));
    const std::string organization = organization_name(movement.short_code);
    const bool is_incoming = movement.direction == Direction::in;
    const auto at = Timestamp::parse(movement.at);
    const std::string time = at ? compact_time(*at) : "";
    return {text_value("ReceiptNo", movement.receipt),
            text_value("Conversation ID", ""),
            {"FinalisedTime", time},
            {"Amount", amount_text(movement.amount)},
            text_value("TransactionStatus", "Completed"),
            text_value("ReasonType", is_incoming ? "Pay Bill Online" : "Transaction Reversal"),
            {"TransactionReason", ""},
            text_value("DebitPartyCharges", ""),
            text_value("DebitAccountType", is_incoming ? "MMF Account For Customer" : "Utility Account"),
            {"InitiatedTime", time},
            text_value("Originator Conversation ID", ""),
            text_value("CreditPartyName", is_incoming ? organization : customer),
            text_value("DebitPartyName", is_incoming ? customer : organization)};
}

}  // namespace

std::string Inquiries::transaction_status(const Command& command) {
    const Conversation conversation = begin_conversation(network_, command, "Initiator");
    command.one_of("CommandID", {"TransactionStatusQuery"});
    command.one_of("IdentifierType", {"1", "2", "4"});
    command.text_within("PartyA", 1, 20);
    const std::string transaction_id = command.text("TransactionID");
    const std::string conversation_id = command.text("OriginalConversationID");
    if (transaction_id.empty() && conversation_id.empty()) refuse_field("TransactionID");
    if (transaction_id.size() > id_length_max) refuse_field("TransactionID");
    if (conversation_id.size() > id_length_max) refuse_field("OriginalConversationID");
    network_.decisions.after(result_delay, [this, conversation, transaction_id, conversation_id] {
        post_status(conversation, transaction_id, conversation_id);
    });
    return acceptance_of(conversation);
}

void Inquiries::post_status(const Conversation& conversation, const std::string& transaction_id,
                            const std::string& conversation_id) {
    const std::string& id = transaction_id.empty() ? conversation_id : transaction_id;
    Verdict verdict = success_verdict();
    std::vector<ResultValue> values;
    if (const auto payout = payouts_.find(id)) {
        values = values_of(*payout);
    } else if (const auto movement = network_.books.find(id)) {
        values = values_of(*movement);
    } else {
        verdict = {"25", "The transaction receipt number does not exist."};
    }
    network_.courier.send({.url = conversation.result_url,
                           .body = result_of(conversation, verdict, network_.books.new_receipt(), values),
                           .phone = ""});
}

std::string Inquiries::account_balance(const Command& command) {
    const Conversation conversation = begin_conversation(network_, command, "Initiator");
    command.one_of("CommandID", {"AccountBalance"});
    command.one_of("IdentifierType", {"1", "2", "4"});
    const std::string short_code = command.short_code("PartyA");
    network_.decisions.after(result_delay, [this, conversation, short_code] {
        const std::string funds = amount_text(network_.books.balance_of(short_code));
        const std::string accounts = "Working Account|KES|0.00|0.00|0.00|0.00&Utility Account|KES|" + funds +
                                     "|" + funds + "|0.00|0.00&Charges Paid Account|KES|0.00|0.00|0.00|0.00";
        network_.courier.send(
            {.url = conversation.result_url,
             .body = result_of(conversation, success_verdict(), network_.books.new_receipt(),
                               {text_value("AccountBalance", accounts),
                                {"BOCompletedTime", compact_time(network_.clock.now())}}),
             .phone = ""});
    });
    return acceptance_of(conversation);
}

std::string Inquiries::reverse(const Command& command) {
    const Conversation conversation = begin_conversation(network_, command, "Initiator");
    command.one_of("CommandID", {"TransactionReversal"});
    command.one_of("RecieverIdentifierType", {"4", "11"});  // Safaricom's spelling
    const std::string transaction_id = command.text_within("TransactionID", 1, id_length_max);
    const std::string short_code = command.short_code("ReceiverParty");
    const Money amount = command.whole_amount();
    network_.decisions.after(result_delay, [this, conversation, transaction_id, short_code, amount] {
        post_reversal(conversation, transaction_id, short_code, amount);
    });
    return acceptance_of(conversation);
}

void Inquiries::post_reversal(const Conversation& conversation, const std::string& transaction_id,
                              const std::string& short_code, const Money& amount) {
    const Reversed reversed = network_.books.reverse(transaction_id, short_code, amount);
    const Verdict verdict{reversed.code, reversed.text};
    std::vector<ResultValue> values;
    if (verdict.is_success()) {
        values = {{"Amount", amount_text(amount)},
                  text_value("OriginalTransactionID", transaction_id),
                  {"Charge", "0.00"},
                  text_value("CreditPartyPublicName", public_name(reversed.movement.phone.substr(1))),
                  text_value("DebitPartyPublicName", organization_name(short_code)),
                  {"TransCompletedTime", compact_time(network_.clock.now())}};
    }
    const std::string receipt =
        verdict.is_success() ? reversed.movement.receipt : network_.books.new_receipt();
    network_.courier.send({.url = conversation.result_url,
                           .body = result_of(conversation, verdict, receipt, values),
                           .phone = reversed.movement.phone});
}

}  // namespace pamoja::sandbox::daraja
