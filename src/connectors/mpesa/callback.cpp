#include "connectors/mpesa/callback.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "json/value.hpp"

namespace pamoja::mpesa {
namespace {

constexpr std::size_t text_length_max = 512;
constexpr std::size_t id_length_max = 128;

[[noreturn]] void refuse(std::string_view what) {
    throw Failure(malformed_request, "The M-Pesa notification " + std::string(what) + ".");
}

json::Value parse_body(std::string_view body) {
    return json::parse(body, {.depth_max = 12, .values_max = 500, .number_length_max = 64});
}

// FlexiFinance's document spells Safaricom's names with a small first letter; the rest is the same.
const json::Value* find(const json::Value& parent, std::string_view name) {
    if (const json::Value* value = parent.find(name)) return value;
    std::string lower_camel(name);
    lower_camel[0] = static_cast<char>(lower_camel[0] - 'A' + 'a');
    return parent.find(lower_camel);
}

// A text or a number as text; empty when it is absent or null.
std::string text(const json::Value& parent, std::string_view name, std::size_t length_max = text_length_max) {
    const json::Value* value = find(parent, name);
    if (value == nullptr || value->is_null()) return {};
    if (value->string() == nullptr && value->number() == nullptr) refuse("holds a value of the wrong type");
    std::string result = value->text_or_empty();
    if (result.size() > length_max) refuse("holds a value that is too long");
    return result;
}

std::string required_text(const json::Value& parent, std::string_view name) {
    std::string result = text(parent, name, id_length_max);
    if (result.empty()) refuse("lacks " + std::string(name));
    return result;
}

const json::Value& required_object(const json::Value& parent, std::string_view name) {
    const json::Value* value = find(parent, name);
    if (value == nullptr || value->object() == nullptr) refuse("lacks " + std::string(name));
    return *value;
}

Money shillings(const std::string& number) {
    const auto amount = Money::parse_major(number, Currency("KES"));
    if (!amount || amount->is_negative()) refuse("holds an amount that is none");
    return *amount;
}

std::optional<Money> shillings_if_any(const std::string& number) {
    if (number.empty()) return std::nullopt;
    return shillings(number);
}

// Of what only informs us, such as our balance after a payout: no reason to refuse the result.
std::optional<Money> shillings_if_readable(const std::string& number) {
    return Money::parse_major(number, Currency("KES"));
}

using Parameters = std::map<std::string, std::string>;

struct PairNames {
    std::string_view list;
    std::string_view key;
};

// A list of named values, of which some come without a value and a single one without its list.
Parameters pairs_of(const json::Value* parent, const PairNames& names) {
    if (parent == nullptr || parent->is_null()) return {};
    if (parent->object() == nullptr) refuse("holds parameters of the wrong type");
    const json::Value* list = find(*parent, names.list);
    if (list == nullptr || list->is_null()) return {};
    Parameters pairs;
    const auto add = [&](const json::Value& item) {
        if (item.object() == nullptr) refuse("holds a parameter of the wrong type");
        const bool is_new = pairs.emplace(required_text(item, names.key), text(item, "Value")).second;
        if (!is_new) refuse("names a parameter twice");
    };
    if (const json::Array* items = list->array()) {
        for (const json::Value& item : *items) add(item);
    } else {
        add(*list);
    }
    return pairs;
}

std::string value_of(const Parameters& pairs, const std::string& key) {
    const auto found = pairs.find(key);
    return found == pairs.end() ? std::string() : found->second;
}

void read_result(std::string_view body, CommandResult& result) {
    const json::Value root = parse_body(body);
    const json::Value& posted = required_object(root, "Result");
    result.result_code = required_text(posted, "ResultCode");
    result.result_text = text(posted, "ResultDesc");
    result.conversation_id = text(posted, "ConversationID", id_length_max);
    result.originator_conversation_id = text(posted, "OriginatorConversationID", id_length_max);
    result.transaction_id = text(posted, "TransactionID", id_length_max);
    result.parameters = pairs_of(find(posted, "ResultParameters"), {.list = "ResultParameter", .key = "Key"});
    result.raw = std::string(body);
    if (result.conversation_id.empty() && result.originator_conversation_id.empty()) {
        refuse("says of no conversation that it belongs to it");
    }
}

}  // namespace

std::string CommandResult::parameter(const std::string& key) const {
    return value_of(parameters, key);
}

PushCallback parse_stk_callback(std::string_view body) {
    const json::Value root = parse_body(body);
    const json::Value& posted = required_object(required_object(root, "Body"), "StkCallback");
    PushCallback callback;
    callback.merchant_request_id = text(posted, "MerchantRequestID", id_length_max);
    callback.checkout_request_id = required_text(posted, "CheckoutRequestID");
    callback.result_code = required_text(posted, "ResultCode");
    callback.result_text = text(posted, "ResultDesc");
    callback.raw = std::string(body);

    const Parameters metadata = pairs_of(find(posted, "CallbackMetadata"), {.list = "Item", .key = "Name"});
    callback.amount = shillings_if_any(value_of(metadata, "Amount"));
    callback.receipt = value_of(metadata, "MpesaReceiptNumber");
    callback.phone = value_of(metadata, "PhoneNumber");
    callback.transaction_date = value_of(metadata, "TransactionDate");
    if (callback.succeeded() &&
        (!callback.amount || !callback.amount->is_positive() || callback.receipt.empty())) {
        refuse("of a success lacks its amount or receipt");
    }
    return callback;
}

PayoutResult parse_b2c_result(std::string_view body) {
    PayoutResult result;
    read_result(body, result);
    result.amount = shillings_if_any(result.parameter("TransactionAmount"));
    result.receipt = result.parameter("TransactionReceipt");
    if (result.receipt.empty() && result.succeeded()) result.receipt = result.transaction_id;
    result.receiver_name = result.parameter("ReceiverPartyPublicName");
    result.utility_funds = shillings_if_readable(result.parameter("B2CUtilityAccountAvailableFunds"));
    result.working_funds = shillings_if_readable(result.parameter("B2CWorkingAccountAvailableFunds"));
    return result;
}

StatusResult parse_status_result(std::string_view body) {
    StatusResult result;
    read_result(body, result);
    result.receipt = result.parameter("ReceiptNo");
    result.transaction_status = result.parameter("TransactionStatus");
    result.amount = shillings_if_any(result.parameter("Amount"));
    // Safaricom's documents have this key with and without spaces.
    result.original_conversation_id = result.parameter("Originator Conversation ID");
    if (result.original_conversation_id.empty()) {
        result.original_conversation_id = result.parameter("OriginatorConversationID");
    }
    result.credit_party = result.parameter("CreditPartyName");
    result.debit_party = result.parameter("DebitPartyName");
    return result;
}

ReversalResult parse_reversal_result(std::string_view body) {
    ReversalResult result;
    read_result(body, result);
    result.amount = shillings_if_any(result.parameter("Amount"));
    result.original_transaction_id = result.parameter("OriginalTransactionID");
    return result;
}

CommandResult parse_timeout(std::string_view body) {
    CommandResult result;
    read_result(body, result);
    return result;
}

CustomerPayment parse_c2b(std::string_view body) {
    const json::Value root = parse_body(body);
    if (root.object() == nullptr) refuse("is no object");
    const Money amount = shillings(required_text(root, "TransAmount"));
    if (!amount.is_positive()) refuse("holds an amount that is none");
    return {.transaction_type = text(root, "TransactionType"),
            .transaction_id = required_text(root, "TransID"),
            .transaction_time = text(root, "TransTime", id_length_max),
            .amount = amount,
            .short_code = required_text(root, "BusinessShortCode"),
            .bill_reference = text(root, "BillRefNumber"),
            .invoice_number = text(root, "InvoiceNumber"),
            .third_party_id = text(root, "ThirdPartyTransID"),
            .phone = text(root, "MSISDN"),
            .first_name = text(root, "FirstName"),
            .middle_name = text(root, "MiddleName"),
            .last_name = text(root, "LastName"),
            .raw = std::string(body)};
}

}  // namespace pamoja::mpesa
