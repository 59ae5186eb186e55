#include "connectors/push/internal/access.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "crypto/base64.hpp"
#include "json/writer.hpp"

namespace pamoja::push {
namespace {

constexpr const char* scope = "https://www.googleapis.com/auth/firebase.messaging";
constexpr const char* grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::int64_t assertion_seconds = 3'600;
constexpr std::int64_t margin_seconds = 60;

json::Value parse_or_null(const std::string& body) {
    try {
        return json::parse(body, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return {};
    }
}

}  // namespace

PushGateway::Access::Access(const PushConfig& config, web::WebClient& web, const Clock& clock)
    : config_(config), web_(web), clock_(clock), key_(crypto::SigningKeys::parse(config.private_key_pem)) {
    if (key_.current_algorithm() != crypto::SigningAlgorithm::rs256)
        throw std::runtime_error("push: the service account's key is no RSA key");
}

PushGateway::Access::Answer PushGateway::Access::token() {
    const std::lock_guard lock(mutex_);
    const Timestamp now = clock_.now();
    if (!token_.empty() && now < good_until_) return {.token = token_};
    return fetch(now);
}

void PushGateway::Access::drop(const std::string& token) {
    const std::lock_guard lock(mutex_);
    if (token_ == token) token_.clear();
}

// RFC 7523. The header's key id is Google's own, not a thumbprint.
std::string PushGateway::Access::assertion(Timestamp now) const {
    json::Writer header;
    header.begin_object();
    header.member("alg", "RS256");
    header.member("typ", "JWT");
    if (!config_.private_key_id.empty()) header.member("kid", config_.private_key_id);
    header.end_object();
    json::Writer claims;
    claims.begin_object();
    claims.member("iss", config_.client_email);
    claims.member("scope", scope);
    claims.member("aud", config_.token_url);
    claims.member("iat", now.seconds());
    claims.member("exp", now.seconds() + assertion_seconds);
    claims.end_object();
    const std::string content =
        crypto::to_base64url(header.text()) + "." + crypto::to_base64url(claims.text());
    return content + "." + crypto::to_base64url(key_.sign(content));
}

PushGateway::Access::Answer PushGateway::Access::fetch(Timestamp now) {
    token_.clear();
    const auto response =
        web_.call({.method = web::Method::post,
                   .url = config_.token_url,
                   .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                   .body = web::form_encode({{"grant_type", grant_type}, {"assertion", assertion(now)}}),
                   .reach = web::Reach::anywhere,
                   .is_repeatable = true});
    if (!response.answered()) return {.problem = "access token: " + response.outcome.detail};
    const json::Value answer = parse_or_null(response.body);
    const json::Value* token = answer.find("access_token");
    if (!response.succeeded() || token == nullptr || token->string() == nullptr || token->string()->empty())
        return {.problem = "access token: HTTP " + std::to_string(response.status)};
    const json::Value* lifetime = answer.find("expires_in");
    const std::int64_t seconds = lifetime == nullptr ? 0 : lifetime->integer().value_or(0);
    token_ = *token->string();
    good_until_ =
        now.plus(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 86'400) - margin_seconds));
    return {.token = token_};
}

}  // namespace pamoja::push
