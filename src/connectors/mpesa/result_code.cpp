#include "connectors/mpesa/result_code.hpp"

#include <algorithm>
#include <array>

namespace pamoja::mpesa {
namespace {

using enum ResultMeaning;

constexpr std::array<ResultCode, 26> table{{
    {"0", success, "The payment was made."},
    {"1", failed, "The M-Pesa balance is too low."},
    {"2", failed, "The amount is below what M-Pesa allows."},
    {"3", failed, "The amount is above what M-Pesa allows."},
    {"4", failed, "The amount exceeds the daily M-Pesa limit."},
    {"8", failed, "The payment would exceed the largest M-Pesa balance allowed."},
    {"17", retryable, "The same amount was just sent to the same customer. Try again in two minutes."},
    {"21", failed, "The initiator is not allowed to make this request."},
    {"25", failed, "M-Pesa cannot look this payment up."},
    {"26", retryable, "M-Pesa is busy. Try again shortly."},
    {"1001", retryable, "Another M-Pesa payment of this customer is under way. Try again shortly."},
    {"1019", retryable, "The payment request expired. Try again."},
    {"1025", retryable, "The payment request could not be shown on the phone. Try again."},
    {"1031", cancelled, "The payment was cancelled on the phone."},
    {"1032", cancelled, "The payment was cancelled on the phone."},
    {"1037", retryable, "The phone could not be reached. Make sure that it is on and try again."},
    {"2001", failed, "The M-Pesa PIN was wrong."},
    {"2028", failed, "M-Pesa does not allow this payment for this account."},
    {"4999", pending, "The payment is still being processed."},
    {"8006", failed, "The M-Pesa security credential is locked."},
    {"9999", retryable, "The payment request could not be sent to the phone. Try again."},
    {"C2B00011", failed, "The phone number is not valid."},
    {"C2B00012", failed, "The account number is not valid."},
    {"C2B00013", failed, "The amount is not valid."},
    {"C2B00016", failed, "The payment was refused."},
    {"SFC_IC0003", failed, "The M-Pesa operator does not exist."},
}};

constexpr ResultCode unlisted{"", failed, "M-Pesa did not make the payment."};

}  // namespace

const ResultCode& result_code_of(std::string_view code) {
    const auto* found =
        std::find_if(table.begin(), table.end(), [&](const ResultCode& each) { return each.code == code; });
    return found == table.end() ? unlisted : *found;
}

}  // namespace pamoja::mpesa
