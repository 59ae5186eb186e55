#include "sandbox/push/accounts.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "crypto/base64.hpp"
#include "json/writer.hpp"

namespace pamoja::sandbox::fcm {
namespace {

constexpr std::chrono::seconds token_lifetime{3'600};
constexpr std::int64_t assertion_seconds_max = 3'600;
constexpr std::size_t tokens_max = 1'000;

json::Value parse_or_null(const std::string& text) {
    try {
        return json::parse(text, {.depth_max = 4, .values_max = 64});
    } catch (const Failure&) {
        return {};
    }
}

std::string text_of(const json::Value& parent, std::string_view name) {
    const json::Value* value = parent.find(name);
    return value == nullptr ? std::string() : value->text_or_empty();
}

std::int64_t number_of(const json::Value& parent, std::string_view name) {
    const json::Value* value = parent.find(name);
    return value == nullptr ? 0 : value->integer().value_or(0);
}

}  // namespace

Accounts::Accounts(const Clock& clock, Random& random)
    : clock_(clock),
      random_(random),
      key_(std::async(std::launch::async, [&random] {
               return crypto::SigningKeys::generate(crypto::SigningAlgorithm::rs256, random);
           }).share()) {}

std::string Accounts::file(const std::string& token_url) const {
    json::Writer file;
    file.begin_object();
    file.member("type", "service_account");
    file.member("project_id", project_id);
    file.member("private_key_id", key().current_id());
    file.member("private_key", key().pem());
    file.member("client_email", client_email);
    file.member("token_uri", token_url);
    file.end_object();
    return file.take();
}

std::string Accounts::problem_of(std::string_view assertion) const {
    const auto first = assertion.find('.');
    const auto second = assertion.rfind('.');
    if (first == std::string_view::npos || first == second) return "Not a JWT.";
    const auto header = crypto::from_base64url(assertion.substr(0, first));
    const auto claims = crypto::from_base64url(assertion.substr(first + 1, second - first - 1));
    const auto signature = crypto::from_base64url(assertion.substr(second + 1));
    if (!header || !claims || !signature) return "Not a JWT.";
    const json::Value head = parse_or_null(*header);
    if (!key().verify(text_of(head, "kid"), text_of(head, "alg"), assertion.substr(0, second), *signature))
        return "Invalid JWT Signature.";
    const json::Value said = parse_or_null(*claims);
    if (text_of(said, "iss") != client_email) return "Invalid issuer.";
    if (text_of(said, "scope").find("firebase.messaging") == std::string::npos) return "Invalid scope.";
    // Only the span is judged: the clock of a server in development is moved at will; ours does not follow.
    const std::int64_t issued_at = number_of(said, "iat");
    const std::int64_t expires_at = number_of(said, "exp");
    const bool is_timely = issued_at < expires_at && expires_at - issued_at <= assertion_seconds_max;
    return is_timely ? "" : "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.";
}

Accounts::Grant Accounts::grant(std::string_view assertion) {
    std::string problem = problem_of(assertion);
    if (!problem.empty()) return {.problem = std::move(problem)};
    const std::lock_guard lock(mutex_);
    tokens_.push_back({"ya29.sandbox-" + random_.hex(24), clock_.now().plus(token_lifetime)});
    if (tokens_.size() > tokens_max) tokens_.pop_front();
    return {.token = tokens_.back().text};
}

bool Accounts::is_good(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(
        tokens_, [&](const Token& each) { return each.text == token && clock_.now() < each.expires_at; });
}

void Accounts::clear() {
    const std::lock_guard lock(mutex_);
    tokens_.clear();
}

}  // namespace pamoja::sandbox::fcm
