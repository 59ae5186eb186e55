#include "connectors/sms/sms_gateway.hpp"

#include "base/failure.hpp"
#include "json/value.hpp"

namespace pamoja::sms {
namespace {

// Codes of the gateway: 100 to 102 are processed, sent and queued.
DeliveryKind kind_of(std::int64_t status_code) {
    constexpr std::int64_t insufficient_balance = 405;
    constexpr std::int64_t internal_error = 500;
    constexpr std::int64_t gateway_error = 501;
    constexpr std::int64_t rejected_by_gateway = 502;
    if (status_code >= 100 && status_code <= 102) return DeliveryKind::delivered;
    const bool passes = status_code == insufficient_balance || status_code == internal_error ||
                        status_code == gateway_error || status_code == rejected_by_gateway;
    return passes ? DeliveryKind::temporary : DeliveryKind::permanent;
}

json::Value parse_or_null(const std::string& body) {
    try {
        return json::parse(body, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return {};
    }
}

std::string text_of(const json::Value& parent, std::string_view name) {
    const json::Value* value = parent.find(name);
    return value == nullptr ? std::string() : value->text_or_empty();
}

// An accepted request lists its one recipient, or none and says why in the message.
Delivery read_accepted(const std::string& body) {
    const json::Value answer = parse_or_null(body);
    const json::Value* data = answer.find("SMSMessageData");
    const json::Value* recipients = data == nullptr ? nullptr : data->find("Recipients");
    if (recipients == nullptr || recipients->array() == nullptr)
        return {.detail = "The answer could not be read."};
    if (recipients->array()->empty()) {
        return {.kind = DeliveryKind::permanent, .detail = text_of(*data, "Message")};
    }
    const json::Value& recipient = recipients->array()->front();
    const json::Value* status = recipient.find("statusCode");
    const auto status_code = status == nullptr ? std::nullopt : status->integer();
    if (!status_code || *status_code < 0 || *status_code > 999)
        return {.detail = "The answer could not be read."};
    return {.kind = kind_of(*status_code),
            .message_id = text_of(recipient, "messageId"),
            .status_code = static_cast<int>(*status_code),
            .cost = text_of(recipient, "cost"),
            .detail = text_of(recipient, "status")};
}

}  // namespace

SmsGateway::SmsGateway(SmsConfig config, web::WebClient& web) : config_(std::move(config)), web_(web) {
    while (config_.base_url.ends_with('/')) config_.base_url.pop_back();
}

Delivery SmsGateway::send(const std::string& phone, std::string_view text) {
    std::vector<web::Header> fields{
        {"username", config_.username}, {"to", phone}, {"message", std::string(text)}};
    if (!config_.sender.empty()) fields.push_back({"from", config_.sender});
    const auto response = web_.call({.method = web::Method::post,
                                     .url = config_.base_url + "/version1/messaging",
                                     .headers = {{"apiKey", config_.api_key},
                                                 {"Accept", "application/json"},
                                                 {"Content-Type", "application/x-www-form-urlencoded"}},
                                     .body = web::form_encode(fields),
                                     .reach = web::Reach::anywhere});
    if (!response.answered()) {
        const auto kind = response.outcome.never_sent ? DeliveryKind::temporary : DeliveryKind::unknown;
        return {.kind = kind, .detail = response.outcome.detail};
    }
    if (response.succeeded()) return read_accepted(response.body);
    const std::string detail = "HTTP " + std::to_string(response.status);
    // Credentials and quotas are the operator's to mend; the message itself is good.
    const bool passes = response.status == 401 || response.status == 403 || response.status == 429;
    if (passes) return {.kind = DeliveryKind::temporary, .detail = detail};
    if (response.status >= 400 && response.status < 500)
        return {.kind = DeliveryKind::permanent, .detail = detail};
    return {.kind = DeliveryKind::unknown, .detail = detail};
}

}  // namespace pamoja::sms
