#include "connectors/mpesa/daraja.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/failure.hpp"
#include "base/phone.hpp"
#include "connectors/mpesa/internal/answer_reader.hpp"
#include "connectors/mpesa/internal/session.hpp"
#include "crypto/base64.hpp"
#include "crypto/rsa.hpp"
#include "json/writer.hpp"

namespace pamoja::mpesa {
namespace {

constexpr std::string_view nairobi = "Africa/Nairobi";
constexpr std::int64_t shillings_max = 250'000;
constexpr std::int64_t cents = 100;
constexpr std::size_t reference_length_max = 12;
constexpr std::size_t description_length_max = 13;
constexpr std::size_t remarks_length_max = 100;
constexpr std::size_t id_length_max = 128;

DarajaConfig checked(DarajaConfig config) {
    while (config.base_url.ends_with('/')) config.base_url.pop_back();
    // A certificate that cannot be used is found at the start, not with the first payout.
    if (!config.certificate_pem.empty()) {
        static_cast<void>(crypto::encrypt_for_certificate(config.initiator_password, config.certificate_pem));
    }
    return config;
}

std::string whole_shillings(const Money& amount) {
    const bool is_whole = amount.currency() == Currency("KES") && amount.minor() % cents == 0;
    require_field(is_whole, "amount", "invalid", "M-Pesa moves whole shillings only.");
    const std::int64_t shillings = amount.minor() / cents;
    require_field(shillings >= 1 && shillings <= shillings_max, "amount", "out_of_range",
                  "M-Pesa moves 1 to 250,000 shillings at a time.");
    return std::to_string(shillings);
}

// Digits alone, as Safaricom wants a phone: "254700123456".
std::string handset(const std::string& phone) {
    const auto normal = normalize_phone(phone, "KE");
    require_field(normal && normal->starts_with("+254"), "phone_number", "invalid",
                  "Give a Kenyan mobile number, such as +254700123456.");
    return normal->substr(1);
}

// The first characters of a UTF-8 text, without control characters.
std::string cut(std::string_view text, std::size_t length_max) {
    std::string result;
    std::size_t length = 0;
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool begins_character = (byte & 0xc0) != 0x80;
        if (begins_character && ++length > length_max) break;
        result += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return result;
}

// Short codes and phones go as numbers, as in Safaricom's examples.
void number(json::Writer& body, std::string_view name, std::string_view digits) {
    const bool is_number = !digits.empty() && digits[0] != '0' &&
                           digits.find_first_not_of("0123456789") == std::string_view::npos;
    body.name(name);
    if (is_number) {
        body.raw(digits);
    } else {
        body.string(digits);
    }
}

const char* name_of(TillKind kind) {
    switch (kind) {
        case TillKind::pay_bill:
            return "CustomerPayBillOnline";
        case TillKind::buy_goods:
            return "CustomerBuyGoodsOnline";
    }
    std::abort();
}

const char* name_of(PayoutKind kind) {
    switch (kind) {
        case PayoutKind::salary:
            return "SalaryPayment";
        case PayoutKind::business:
            return "BusinessPayment";
        case PayoutKind::promotion:
            return "PromotionPayment";
    }
    std::abort();
}

// The answer without its ids. Only a query can be pending: another request that meets a payment under way is
// refused.
template <class Accepted>
Answer<Accepted> answer_of(const Reading& reading, bool may_be_pending = false) {
    Answer<Accepted> answer{.kind = reading.kind,
                            .code = reading.code,
                            .message = reading.message,
                            .is_retryable = reading.is_retryable,
                            .raw = reading.raw};
    if (answer.kind == AnswerKind::pending && !may_be_pending) answer.kind = AnswerKind::refused;
    return answer;
}

// An acceptance that does not say of what cannot be matched with what follows.
template <class Accepted>
Answer<Accepted> unless_missing(Answer<Accepted> answer, const std::string& id) {
    if (answer.is_accepted() && id.empty()) answer.kind = AnswerKind::unknown;
    return answer;
}

Answer<CommandAccepted> command_answer(const Posted& posted) {
    const Reading reading = read_answer(posted);
    auto answer = answer_of<CommandAccepted>(reading);
    answer.accepted.conversation_id = reading.text("ConversationID");
    answer.accepted.originator_conversation_id = reading.text("OriginatorConversationID");
    if (answer.accepted.originator_conversation_id.empty()) {
        answer.accepted.originator_conversation_id =
            reading.text("OriginatorCoversationID");  // as Safaricom sends it
    }
    return unless_missing(answer,
                          answer.accepted.originator_conversation_id + answer.accepted.conversation_id);
}

std::string security_credential(const DarajaConfig& config) {
    require(!config.certificate_pem.empty() && !config.initiator_name.empty(), unavailable,
            "Payouts over M-Pesa are not set up.");
    return crypto::to_base64(
        crypto::encrypt_for_certificate(config.initiator_password, config.certificate_pem));
}

// BusinessShortCode, Password and Timestamp, with which every push and query begins.
void begin_push(json::Writer& body, const DarajaConfig& config, Timestamp now) {
    const std::string timestamp = local_digits(now, nairobi);
    body.begin_object();
    number(body, "BusinessShortCode", config.short_code);
    body.member("Password", crypto::to_base64(config.short_code + config.passkey + timestamp));
    body.member("Timestamp", timestamp);
}

}  // namespace

Daraja::Daraja(DarajaConfig config, web::WebClient& web, const Clock& clock)
    : config_(checked(std::move(config))),
      clock_(clock),
      session_(std::make_unique<Session>(config_, web, clock)) {}

Daraja::~Daraja() = default;

Answer<PushAccepted> Daraja::stk_push(const Push& push) {
    const std::string amount = whole_shillings(push.amount);
    const std::string phone = handset(push.phone);
    require_field(!push.account_reference.empty() && push.account_reference.size() <= reference_length_max,
                  "account_reference", "invalid", "An account reference has 1 to 12 characters.");
    json::Writer body;
    begin_push(body, config_, clock_.now());
    body.member("TransactionType", name_of(config_.till_kind));
    number(body, "Amount", amount);
    number(body, "PartyA", phone);
    number(body, "PartyB", config_.till_number.empty() ? config_.short_code : config_.till_number);
    number(body, "PhoneNumber", phone);
    body.member("CallBackURL", push.callback_url);
    body.member("AccountReference", push.account_reference);
    body.member("TransactionDesc",
                push.description.empty() ? "Payment" : cut(push.description, description_length_max));
    body.end_object();

    const Reading reading =
        read_answer(session_->post("/mpesa/stkpush/v1/processrequest", body.text(), false));
    auto answer = answer_of<PushAccepted>(reading);
    answer.accepted = {.merchant_request_id = reading.text("MerchantRequestID"),
                       .checkout_request_id = reading.text("CheckoutRequestID"),
                       .customer_message = reading.text("CustomerMessage")};
    return unless_missing(answer, answer.accepted.checkout_request_id);
}

Answer<PushResult> Daraja::stk_query(const std::string& checkout_request_id) {
    json::Writer body;
    begin_push(body, config_, clock_.now());
    body.member("CheckoutRequestID", checkout_request_id);
    body.end_object();

    const Reading reading = read_answer(session_->post("/mpesa/stkpushquery/v1/query", body.text(), true));
    auto answer = answer_of<PushResult>(reading, true);
    const std::string result_code = reading.text("ResultCode");
    answer.accepted = {.merchant_request_id = reading.text("MerchantRequestID"),
                       .checkout_request_id = reading.text("CheckoutRequestID"),
                       .result_code = result_code,
                       .result_text = reading.text("ResultDesc"),
                       .meaning = meaning_of(result_code)};
    if (answer.is_accepted() && answer.accepted.meaning == ResultMeaning::pending)
        answer.kind = AnswerKind::pending;
    const bool is_about_another = !answer.accepted.checkout_request_id.empty() &&
                                  answer.accepted.checkout_request_id != checkout_request_id;
    return unless_missing(answer, is_about_another ? std::string() : result_code);
}

Answer<CommandAccepted> Daraja::b2c(const Payout& payout) {
    const std::string amount = whole_shillings(payout.amount);
    const std::string phone = handset(payout.phone);
    const std::string& id = payout.originator_conversation_id;
    require_field(!id.empty() && id.size() <= id_length_max, "originator_conversation_id", "invalid",
                  "A payout needs an id of at most 128 characters.");
    json::Writer body;
    body.begin_object();
    body.member("OriginatorConversationID", id);
    body.member("InitiatorName", config_.initiator_name);
    body.member("SecurityCredential", security_credential(config_));
    body.member("CommandID", name_of(payout.payout_kind));
    number(body, "Amount", amount);
    number(body, "PartyA", config_.short_code);
    number(body, "PartyB", phone);
    body.member("Remarks", payout.remarks.empty() ? "Payment" : cut(payout.remarks, remarks_length_max));
    body.member("QueueTimeOutURL", payout.timeout_url);
    body.member("ResultURL", payout.result_url);
    body.member("Occassion",
                cut(payout.occasion, remarks_length_max));  // Safaricom's spelling in this version
    body.end_object();
    return command_answer(session_->post("/mpesa/b2c/v3/paymentrequest", body.text(), false));
}

Answer<CommandAccepted> Daraja::transaction_status(const StatusInquiry& inquiry) {
    require_field(inquiry.transaction_id.empty() != inquiry.original_conversation_id.empty(),
                  "transaction_id", "invalid", "Ask about one transaction or one conversation.");
    json::Writer body;
    body.begin_object();
    body.member("Initiator", config_.initiator_name);
    body.member("SecurityCredential", security_credential(config_));
    body.member("CommandID", "TransactionStatusQuery");
    if (inquiry.transaction_id.empty()) {
        body.member("OriginalConversationID", inquiry.original_conversation_id);
    } else {
        body.member("TransactionID", inquiry.transaction_id);
    }
    number(body, "PartyA", config_.short_code);
    body.member("IdentifierType", "4");  // an organization's short code
    body.member("ResultURL", inquiry.result_url);
    body.member("QueueTimeOutURL", inquiry.timeout_url);
    body.member("Remarks", "Status");
    body.member("Occasion", "");
    body.end_object();
    return command_answer(session_->post("/mpesa/transactionstatus/v1/query", body.text(), true));
}

Answer<CommandAccepted> Daraja::reverse(const Reversal& reversal) {
    const std::string amount = whole_shillings(reversal.amount);
    require_field(!reversal.transaction_id.empty(), "transaction_id", "required",
                  "Say which transaction to reverse.");
    json::Writer body;
    body.begin_object();
    body.member("Initiator", config_.initiator_name);
    body.member("SecurityCredential", security_credential(config_));
    body.member("CommandID", "TransactionReversal");
    body.member("TransactionID", reversal.transaction_id);
    number(body, "Amount", amount);
    number(body, "ReceiverParty", config_.short_code);
    body.member("RecieverIdentifierType", "11");  // Safaricom's spelling
    body.member("ResultURL", reversal.result_url);
    body.member("QueueTimeOutURL", reversal.timeout_url);
    body.member("Remarks", reversal.remarks.empty() ? "Reversal" : cut(reversal.remarks, remarks_length_max));
    body.member("Occasion", "");
    body.end_object();
    return command_answer(session_->post("/mpesa/reversal/v1/request", body.text(), false));
}

Answer<CommandAccepted> Daraja::c2b_register(const C2bUrls& urls) {
    json::Writer body;
    body.begin_object();
    number(body, "ShortCode", config_.short_code);
    body.member("ResponseType", urls.completes_without_validation ? "Completed" : "Cancelled");
    body.member("ConfirmationURL", urls.confirmation_url);
    body.member("ValidationURL", urls.validation_url);
    body.end_object();
    return command_answer(session_->post("/mpesa/c2b/v2/registerurl", body.text(), true));
}

std::string_view callback_url_problem(std::string_view url) {
    constexpr std::array<std::string_view, 8> words{"mpesa", "m-pesa", "safaricom", "exe",
                                                    "cmd",   "sql",    "query",     "ngrok"};
    if (!url.starts_with("https://")) return "Safaricom calls https URLs only.";
    std::string lower(url);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const bool is_forbidden = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
    return is_forbidden
               ? "Safaricom refuses callback URLs that hold mpesa, safaricom, exe, cmd, sql, query or ngrok."
               : std::string_view();
}

}  // namespace pamoja::mpesa
