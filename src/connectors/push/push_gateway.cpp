#include "connectors/push/push_gateway.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/failure.hpp"
#include "connectors/push/internal/access.hpp"
#include "connectors/web/retry_after.hpp"
#include "json/writer.hpp"

namespace pamoja::push {
namespace {

constexpr std::chrono::seconds quota_pause{60};  // what Google asks for when an answer names no time

json::Value parse_or_null(std::string_view body) {
    try {
        return json::parse(body, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return {};
    }
}

std::string text_at(const json::Value& parent, std::string_view path) {
    const json::Value* value = parent.at(path);
    return value == nullptr ? std::string() : value->text_or_empty();
}

// FCM's own code, which stands in the details; else the general status.
std::string error_code_in(const json::Value& answer) {
    const json::Value* details = answer.at("error.details");
    if (details != nullptr && details->array() != nullptr) {
        for (const json::Value& each : *details->array()) {
            const std::string code = text_at(each, "errorCode");
            if (!code.empty()) return code;
        }
    }
    return text_at(answer, "error.status");
}

DeliveryKind kind_of(int status, const std::string& code) {
    if (code == "UNREGISTERED") return DeliveryKind::unregistered;
    constexpr std::array passing{"QUOTA_EXCEEDED",         "UNAVAILABLE",     "INTERNAL",
                                 "THIRD_PARTY_AUTH_ERROR", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED"};
    if (std::ranges::find(passing, code) != passing.end()) return DeliveryKind::temporary;
    // Credentials are the operator's to mend; the notice itself is good.
    const bool passes = status == 401 || status == 429 || status >= 500;
    if (passes) return DeliveryKind::temporary;
    return status >= 400 ? DeliveryKind::permanent : DeliveryKind::unknown;
}

Delivery read_refusal(const web::WebResponse& response, std::int64_t now_seconds) {
    const std::string code = error_code_in(parse_or_null(response.body));
    Delivery delivery{.kind = kind_of(response.status, code),
                      .detail = "HTTP " + std::to_string(response.status) + (code.empty() ? "" : " " + code)};
    if (delivery.kind != DeliveryKind::temporary) return delivery;
    delivery.retry_after = web::retry_after(response, now_seconds);
    if (!delivery.retry_after && response.status == 429) delivery.retry_after = quota_pause;
    return delivery;
}

std::string body_of(const std::string& device_token, const Notice& notice) {
    json::Writer body;
    body.begin_object();
    body.name("message");
    body.begin_object();
    body.member("token", device_token);
    body.name("notification");
    body.begin_object();
    body.member("title", notice.title);
    body.member("body", notice.text);
    body.end_object();
    if (!notice.data.empty()) {
        body.name("data");
        body.begin_object();
        for (const auto& [name, value] : notice.data) body.member(name, value);
        body.end_object();
    }
    body.end_object();
    body.end_object();
    return body.take();
}

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

}  // namespace

PushConfig read_service_account(std::string_view text) {
    const json::Value account = parse_or_null(text);
    PushConfig config;
    config.project_id = text_at(account, "project_id");
    config.client_email = text_at(account, "client_email");
    config.private_key_id = text_at(account, "private_key_id");
    config.private_key_pem = text_at(account, "private_key");
    const std::string token_url = text_at(account, "token_uri");
    if (!token_url.empty()) config.token_url = token_url;
    if (config.project_id.empty() || config.client_email.empty() || config.private_key_pem.empty())
        throw std::runtime_error("push: the file is no service account's");
    return config;
}

PushGateway::PushGateway(PushConfig config, web::WebClient& web, const Clock& clock)
    : config_(std::move(config)), web_(web), clock_(clock) {
    config_.base_url = without_slash(config_.base_url);
    if (is_configured()) access_ = std::make_unique<Access>(config_, web_, clock_);
}

PushGateway::~PushGateway() = default;

Delivery PushGateway::send(const std::string& device_token, const Notice& notice) {
    if (!is_configured()) return {.kind = DeliveryKind::permanent, .detail = "push is not configured"};
    const auto [token, problem] = access_->token();
    if (token.empty()) return {.kind = DeliveryKind::temporary, .detail = problem};
    const auto response =
        web_.call({.method = web::Method::post,
                   .url = config_.base_url + "/v1/projects/" + config_.project_id + "/messages:send",
                   .headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                   .body = body_of(device_token, notice),
                   .reach = web::Reach::anywhere});
    if (!response.answered()) {
        const auto kind = response.outcome.never_sent ? DeliveryKind::temporary : DeliveryKind::unknown;
        return {.kind = kind, .detail = response.outcome.detail};
    }
    if (response.status == 401) access_->drop(token);
    if (!response.succeeded()) return read_refusal(response, clock_.now().seconds());
    std::string name = text_at(parse_or_null(response.body), "name");
    if (name.empty()) return {.detail = "The answer could not be read."};
    return {.kind = DeliveryKind::taken, .message_name = std::move(name), .detail = "HTTP 200"};
}

}  // namespace pamoja::push
