#include "connectors/mpesa/internal/session.hpp"

#include <algorithm>
#include <charconv>

#include "base/failure.hpp"
#include "crypto/base64.hpp"
#include "json/value.hpp"

namespace pamoja::mpesa {
namespace {

constexpr std::chrono::seconds refresh_margin_max{60};
constexpr std::chrono::milliseconds answer_timeout{30'000};

// Null when the body is not JSON.
json::Value parse_or_null(const std::string& body) {
    try {
        return json::parse(body, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return {};
    }
}

// Safaricom writes the seconds as a text.
std::optional<std::chrono::seconds> lifetime_of(const json::Value& answer) {
    const json::Value* value = answer.find("expires_in");
    const std::string text = value == nullptr ? std::string() : value->text_or_empty();
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds <= 0) return std::nullopt;
    return std::chrono::seconds(seconds);
}

bool refuses_token(const web::WebResponse& response) {
    if (!response.answered() || response.succeeded()) return false;
    const std::string code = error_code_of(response);
    return response.status == 401 || code == "404.001.03" || code == "401.002.01";
}

}  // namespace

std::string error_code_of(const web::WebResponse& response) {
    const json::Value body = parse_or_null(response.body);
    const json::Value* code = body.find("errorCode");
    return code == nullptr ? std::string() : code->text_or_empty();
}

Daraja::Session::Session(const DarajaConfig& config, web::WebClient& web, const Clock& clock)
    : config_(config), web_(web), clock_(clock) {}

Posted Daraja::Session::post(std::string_view path, const std::string& body, bool is_repeatable) {
    std::string refused_token;
    Posted posted;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const Ticket current = ticket(refused_token);
        posted.problem = current.problem;
        if (posted.problem) return posted;
        posted.response = send(path, body, current.token, is_repeatable);
        if (!refuses_token(posted.response)) return posted;
        refused_token = current.token;
    }
    return posted;
}

Daraja::Session::Ticket Daraja::Session::ticket(const std::string& refused_token) {
    const int fetches_seen = fetches_count_;
    const std::lock_guard lock(mutex_);
    const bool is_good =
        !ticket_.token.empty() && ticket_.token != refused_token && clock_.now() < refresh_at_;
    const bool has_failed_while_waiting = ticket_.problem && fetches_count_ != fetches_seen;
    if (is_good || has_failed_while_waiting) return ticket_;
    ticket_ = fetch();
    ++fetches_count_;
    return ticket_;
}

Daraja::Session::Ticket Daraja::Session::fetch() {
    const Timestamp asked_at = clock_.now();
    const std::string credentials = crypto::to_base64(config_.consumer_key + ":" + config_.consumer_secret);
    const auto response =
        web_.call({.url = config_.base_url + "/oauth/v1/generate?grant_type=client_credentials",
                   .headers = {{"Authorization", "Basic " + credentials}},
                   .reach = web::Reach::anywhere,
                   .total_timeout = answer_timeout});
    if (!response.answered()) return {.problem = SignInProblem{.message = response.outcome.detail}};

    const json::Value answer = parse_or_null(response.body);
    const json::Value* token = answer.find("access_token");
    const auto lifetime = lifetime_of(answer);
    if (response.succeeded() && token != nullptr && token->string() != nullptr && !token->string()->empty() &&
        lifetime) {
        refresh_at_ = asked_at.plus(*lifetime - std::min(refresh_margin_max, *lifetime / 2));
        return {.token = *token->string()};
    }
    const bool is_refused = response.status == 400 || response.status == 401 || response.status == 403;
    return {.problem = SignInProblem{.is_refused = is_refused,
                                     .code = "HTTP " + std::to_string(response.status),
                                     .message = "Safaricom gave no access token."}};
}

web::WebResponse Daraja::Session::send(std::string_view path, const std::string& body,
                                       const std::string& token, bool is_repeatable) {
    return web_.call({.method = web::Method::post,
                      .url = config_.base_url + std::string(path),
                      .headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                      .body = body,
                      .reach = web::Reach::anywhere,
                      .total_timeout = answer_timeout,
                      .is_repeatable = is_repeatable});
}

}  // namespace pamoja::mpesa
