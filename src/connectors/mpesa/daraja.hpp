#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/money.hpp"
#include "connectors/mpesa/result_code.hpp"
#include "connectors/web/web_client.hpp"

namespace pamoja::mpesa {

enum class TillKind { pay_bill, buy_goods };
enum class PayoutKind { salary, business, promotion };

struct DarajaConfig {
    std::string base_url = "https://sandbox.safaricom.co.ke";
    std::string consumer_key{};
    std::string consumer_secret{};
    std::string short_code{};
    std::string passkey{};
    TillKind till_kind = TillKind::pay_bill;
    std::string till_number{};  // PartyB of a push where it is not the short code
    std::string initiator_name{};
    std::string initiator_password{};
    std::string certificate_pem{};  // Safaricom's, for the security credential
};

enum class AnswerKind {
    accepted,  // the ids are set; the result follows by callback or query
    refused,   // nothing happened and nothing will: code and message say why
    pending,   // only of a query: not decided yet
    unknown,   // sent, but no readable answer: it may have had its effect, so look it up before asking again
    unreachable,  // never sent: may be asked again
};

// Safaricom's answer to one request.
template <class Accepted>
struct Answer {
    AnswerKind kind = AnswerKind::unknown;
    Accepted accepted{};
    std::string code{};         // errorCode or ResponseCode of a refusal, "HTTP 502" and the like otherwise
    std::string message{};      // Safaricom's words, or what happened on the way; for operators
    bool is_retryable = false;  // of a refusal: busy, over quota, or the customer has another payment open
    std::string raw{};          // the body as it came

    bool is_accepted() const { return kind == AnswerKind::accepted; }
};

struct Push {
    Money amount{};                   // whole shillings, 1 to 250,000
    std::string phone{};              // any form that normalize_phone takes
    std::string account_reference{};  // 1 to 12 characters
    std::string description{};        // cut to 13 characters
    std::string callback_url{};
};
struct PushAccepted {
    std::string merchant_request_id{};
    std::string checkout_request_id{};
    std::string customer_message{};
};

struct PushResult {
    std::string merchant_request_id{};
    std::string checkout_request_id{};
    std::string result_code{};
    std::string result_text{};
    ResultMeaning meaning = ResultMeaning::failed;
};

struct Payout {
    std::string originator_conversation_id{};  // ours: store it before the call, and look the payout up by it
    PayoutKind payout_kind = PayoutKind::business;
    Money amount{};  // whole shillings, 1 to 250,000
    std::string phone{};
    std::string remarks{};   // cut to 100 characters; "Payment" when empty
    std::string occasion{};  // cut to 100 characters
    std::string result_url{};
    std::string timeout_url{};
};

// Exactly one of the two ids.
struct StatusInquiry {
    std::string transaction_id{};
    std::string original_conversation_id{};
    std::string result_url{};
    std::string timeout_url{};
};

struct Reversal {
    std::string transaction_id{};
    Money amount{};
    std::string remarks{};
    std::string result_url{};
    std::string timeout_url{};
};

// The ids by which the posted result is matched.
struct CommandAccepted {
    std::string conversation_id{};
    std::string originator_conversation_id{};
};

struct C2bUrls {
    std::string validation_url{};
    std::string confirmation_url{};
    bool completes_without_validation =
        true;  // what Safaricom does when we do not answer a validation in time
};

// Safaricom's Daraja API. Every call blocks on the network and is safe from any thread. What the caller got
// wrong (a fraction of a shilling, a phone that is none) throws Failure(validation_failed) before anything is
// sent.
class Daraja {
  public:
    Daraja(DarajaConfig, web::WebClient&, const Clock&);
    ~Daraja();

    Answer<PushAccepted> stk_push(const Push&);
    Answer<PushResult> stk_query(const std::string& checkout_request_id);
    Answer<CommandAccepted> b2c(const Payout&);
    Answer<CommandAccepted> transaction_status(const StatusInquiry&);
    Answer<CommandAccepted> reverse(const Reversal&);
    Answer<CommandAccepted> c2b_register(const C2bUrls&);

    const DarajaConfig& config() const { return config_; }

  private:
    class Session;
    DarajaConfig config_;
    const Clock& clock_;
    std::unique_ptr<Session> session_;
};

// Why Safaricom would refuse a callback URL in production (no https, a word it forbids), or empty when it
// would not.
std::string_view callback_url_problem(std::string_view url);

}  // namespace pamoja::mpesa
