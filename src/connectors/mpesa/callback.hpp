#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.hpp"
#include "connectors/mpesa/result_code.hpp"

namespace pamoja::mpesa {

// What Safaricom posts to us. Every parser takes numbers written as numbers or as texts, reads amounts from
// their text, keeps the body as it came, and throws Failure(malformed_request) for anything else.

struct PushCallback {
    std::string merchant_request_id;
    std::string checkout_request_id;
    std::string result_code;
    std::string result_text;
    std::optional<Money> amount;  // these four only of a success
    std::string receipt;
    std::string phone;             // as carried: "254708374149"
    std::string transaction_date;  // as carried: "20210421114425"
    std::string raw;

    ResultMeaning meaning() const { return meaning_of(result_code); }
    bool succeeded() const { return meaning() == ResultMeaning::success; }
};

// The result of a command: payout, status inquiry or reversal. `parameters` holds every key with its value as
// text.
struct CommandResult {
    std::string result_code;
    std::string result_text;
    std::string conversation_id;
    std::string originator_conversation_id;
    std::string transaction_id;
    std::map<std::string, std::string> parameters;
    std::string raw;

    ResultMeaning meaning() const { return meaning_of(result_code); }
    bool succeeded() const { return meaning() == ResultMeaning::success; }
    std::string parameter(const std::string& key) const;  // empty when absent
};

struct PayoutResult : CommandResult {
    std::optional<Money> amount;  // of a success
    std::string receipt;
    std::string receiver_name;  // "254708374149 - John Doe"
    std::optional<Money> utility_funds;
    std::optional<Money> working_funds;
};

struct StatusResult : CommandResult {
    std::string receipt;
    std::string transaction_status;  // "Completed", "Cancelled", …; of the payment that was asked about
    std::optional<Money> amount;
    std::string original_conversation_id;
    std::string credit_party;
    std::string debit_party;

    // True when the inquiry worked and the payment it asked about went through.
    bool is_completed() const { return succeeded() && transaction_status == "Completed"; }
};

struct ReversalResult : CommandResult {
    std::optional<Money> amount;
    std::string original_transaction_id;
};

// A customer pays from the handset's menu. Posted twice: for validation, then as confirmation.
struct CustomerPayment {
    std::string transaction_type;
    std::string transaction_id;
    std::string transaction_time;  // as carried: "20191122063845"
    Money amount;
    std::string short_code;
    std::string bill_reference;
    std::string invoice_number;
    std::string third_party_id;
    std::string phone;  // often masked or hashed: never an identity
    std::string first_name;
    std::string middle_name;
    std::string last_name;
    std::string raw;
};

// Takes Safaricom's spelling and the lowerCamel one of FlexiFinance's documented webhook.
PushCallback parse_stk_callback(std::string_view body);

PayoutResult parse_b2c_result(std::string_view body);
StatusResult parse_status_result(std::string_view body);
ReversalResult parse_reversal_result(std::string_view body);

// Posted to the time-out URL. Says nothing about the payment: inquire its status.
CommandResult parse_timeout(std::string_view body);

CustomerPayment parse_c2b(std::string_view body);

}  // namespace pamoja::mpesa
