#pragma once
#include <string_view>

namespace pamoja::mpesa {

// What a result code of Safaricom means for the payment.
enum class ResultMeaning {
    success,
    pending,    // not decided yet: ask again
    cancelled,  // the customer said no
    retryable,  // nothing happened, and the same request may go through later
    failed,     // nothing happened, and the same request will not go through
};

struct ResultCode {
    std::string_view code;
    ResultMeaning meaning;
    std::string_view explanation;  // a sentence for our user
};

// A code that is not in the table is a failure with a general explanation.
const ResultCode& result_code_of(std::string_view code);
inline ResultMeaning meaning_of(std::string_view code) {
    return result_code_of(code).meaning;
}

}  // namespace pamoja::mpesa
