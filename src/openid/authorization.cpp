#include "openid/authorization.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "json/value.hpp"
#include "openid/refusals.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

constexpr std::size_t text_length_max = 2048;
constexpr std::size_t challenge_length = 43;  // of a SHA-256 in base64url

std::string text_of(const http::Query& query, std::string_view name) {
    const auto found = query.find(name);
    return found ? std::string(*found) : std::string();
}

std::chrono::seconds max_age_of(std::string_view text) {
    std::int64_t seconds = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t century = 3'153'600'000;
    require(error == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= century,
            invalid_request, "max_age is a number of seconds.");
    return std::chrono::seconds(seconds);
}

void read_prompt(AuthorizationRequest& request, std::string_view text) {
    const auto prompts = words_of(text);
    for (const auto& prompt : prompts) {
        const bool is_sign_in = prompt == "login" || prompt == "select_account";
        require(is_sign_in || prompt == "none" || prompt == "consent", invalid_request,
                "prompt has a value that is not known here.");
        request.is_silent = request.is_silent || prompt == "none";
        request.wants_sign_in = request.wants_sign_in || is_sign_in;
        request.wants_consent = request.wants_consent || prompt == "consent";
    }
    require(!request.is_silent || prompts.size() == 1, invalid_request, "prompt=none stands alone.");
}

bool is_challenge(std::string_view text) {
    return text.size() == challenge_length && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

std::string code_challenge_of(const Client& client, const http::Query& query) {
    auto challenge = text_of(query, "code_challenge");
    const auto method = text_of(query, "code_challenge_method");
    if (challenge.empty()) {
        require(method.empty(), invalid_request, "code_challenge is missing.");
        require(client.type != ClientType::open, invalid_request, "A public client has to use PKCE.");
        return challenge;
    }
    require(method == "S256", invalid_request, "code_challenge_method has to be S256.");
    require(is_challenge(challenge), invalid_request, "code_challenge is no SHA-256 in base64url.");
    return challenge;
}

// The claims that a member of the parameter `claims` asks for and that are there to be had.
std::vector<std::string> asked_claims(const json::Value& claims, std::string_view member) {
    std::vector<std::string> asked;
    const json::Value* wanted = claims.find(member);
    if (wanted == nullptr || wanted->is_null()) return asked;
    require(wanted->object() != nullptr, invalid_request, "claims has a member that is no object.");
    for (const auto& [name, rules] : *wanted->object()) {
        if (contains(known_claims(), name)) asked.push_back(name);
    }
    return asked;
}

void read_claims(AuthorizationRequest& request, std::string_view text) {
    if (text.empty()) return;
    json::Value claims;
    try {
        claims = json::parse(text, {.depth_max = 5, .values_max = 200});
    } catch (const Failure&) {
        require(false, invalid_request, "claims is not JSON.");
    }
    require(claims.object() != nullptr, invalid_request, "claims is no object.");
    request.id_token_claims = asked_claims(claims, "id_token");
    request.userinfo_claims = asked_claims(claims, "userinfo");
    if (const auto* subject = claims.at("id_token.sub.value")) {
        request.required_subject = subject->text_or_empty();
    }
}

void require_readable(const http::Query& query) {
    require(!query.find("request"), request_not_supported, "Request objects are not supported.");
    require(!query.find("request_uri"), request_uri_not_supported, "request_uri is not supported.");
    require(!query.repeated_name(), invalid_request, "A parameter is given more than once.");
    const auto type = text_of(query, "response_type");
    require(!type.empty(), invalid_request, "response_type is missing.");
    require(type == "code", unsupported_response_type, "response_type has to be code.");
    const auto mode = text_of(query, "response_mode");
    require(mode.empty() || mode == "query", invalid_request, "response_mode has to be query.");
}

// Whether the person signed in recently enough, and as freshly as the request demands.
bool is_sign_in_fresh(const AuthorizationRequest& request, const Progress& progress) {
    const Timestamp at = progress.session->authenticated_at;
    if (progress.signed_in_at == at) return true;
    if (request.wants_sign_in) return false;
    return !request.max_age || progress.now.since(at) <= *request.max_age;
}

bool is_consent_needed(const Client& client, const AuthorizationRequest& request, const Progress& progress) {
    if (progress.is_allowed_now) return false;
    if (request.wants_consent) return true;
    return !client.skips_consent && !contains_all(progress.allowed, request.permissions());
}

}  // namespace

std::vector<std::string> AuthorizationRequest::permissions() const {
    std::vector<std::string> wanted;
    for (const auto& scope : scopes) {
        if (scope != scope_openid) wanted.push_back(scope);
    }
    const auto covered = claims_of_scopes(scopes);
    for (const auto* claims : {&id_token_claims, &userinfo_claims}) {
        for (const auto& claim : *claims) {
            const auto permission = "claim:" + claim;
            if (!contains(covered, claim) && !contains(wanted, permission)) wanted.push_back(permission);
        }
    }
    return wanted;
}

Asker asker_of(Tx& tx, const http::Query& query) {
    for (const char* name : {"client_id", "redirect_uri"}) {
        require(query.values(name).size() == 1, unusable_request,
                std::string("The application did not say its ") + name + ", or said it more than once.");
    }
    auto client = active_client(tx, ClientId(text_of(query, "client_id")));
    require(client.has_value() && client->may(GrantType::authorization_code), unusable_request,
            "The application that sent you here is not known.");
    auto redirect_uri = text_of(query, "redirect_uri");
    require(client->has_redirect_uri(redirect_uri), unusable_request,
            "The application wants to send you back to an address that it has not registered.");
    return {std::move(*client), std::move(redirect_uri)};
}

AuthorizationRequest read_authorization(const Client& client, const http::Query& query) {
    require_readable(query);
    AuthorizationRequest request;
    request.redirect_uri = text_of(query, "redirect_uri");
    if (const auto state = query.find("state")) request.state = std::string(*state);
    for (auto& scope : words_of(text_of(query, "scope"))) {
        if (client.has_scope(scope)) request.scopes.push_back(std::move(scope));
    }
    require(!request.scopes.empty(), invalid_scope, "None of the scopes is open to this client.");
    request.nonce = text_of(query, "nonce");
    require(request.nonce.size() <= text_length_max, invalid_request, "nonce is too long.");
    request.code_challenge = code_challenge_of(client, query);
    read_prompt(request, text_of(query, "prompt"));
    if (const auto age = text_of(query, "max_age"); !age.empty()) request.max_age = max_age_of(age);
    request.id_token_hint = text_of(query, "id_token_hint");
    request.login_hint = text_of(query, "login_hint");
    read_claims(request, text_of(query, "claims"));
    return request;
}

Step next_step(const Client& client, const AuthorizationRequest& request, const Progress& progress) {
    const auto is_wanted = [&](const UserId& user) {
        return (!progress.hinted_subject || *progress.hinted_subject == user.text()) &&
               (request.required_subject.empty() || request.required_subject == user.text());
    };
    const bool has_session = progress.session.has_value();
    if (!has_session || !is_sign_in_fresh(request, progress) || !is_wanted(progress.session->user_id)) {
        require(!request.is_silent, login_required, "Nobody is signed in.");
        const bool is_done = has_session && progress.signed_in_at == progress.session->authenticated_at;
        require(!is_done, login_required, "Somebody else signed in than the application asked for.");
        return Step::sign_in;
    }
    if (is_consent_needed(client, request, progress)) {
        require(!request.is_silent, consent_required, "The person has to be asked.");
        return Step::ask_consent;
    }
    return Step::issue_code;
}

}  // namespace pamoja::openid
