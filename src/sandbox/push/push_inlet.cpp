#include "sandbox/push/push_inlet.hpp"

#include <cstdlib>

#include "base/failure.hpp"
#include "http/query.hpp"
#include "json/writer.hpp"
#include "sandbox/listing.hpp"

namespace pamoja::sandbox::fcm {
namespace {

constexpr const char* token_path = "/push/token";
constexpr const char* grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view bearer = "Bearer ";
constexpr std::size_t id_bytes = 12;

// One of Google's refusals: the HTTP status, the general status, and FCM's own code in the details.
struct Refusal {
    int http_status;
    const char* status;
    const char* code;
    const char* message;
};

http::Response answer(const Refusal& refusal) {
    json::Writer body;
    body.begin_object();
    body.name("error");
    body.begin_object();
    body.member("code", refusal.http_status);
    body.member("message", refusal.message);
    body.member("status", refusal.status);
    if (*refusal.code != 0) {
        body.name("details");
        body.begin_array();
        body.begin_object();
        body.member("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError");
        body.member("errorCode", refusal.code);
        body.end_object();
        body.end_array();
    }
    body.end_object();
    body.end_object();
    return json_response(refusal.http_status, body.take());
}

Refusal refusal_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::unregistered:
            return {404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found."};
        case Outcome::quota_exceeded:
            return {429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded for the device."};
        case Outcome::unavailable:
            return {503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable."};
        case Outcome::internal:
            return {500, "INTERNAL", "INTERNAL", "Internal error encountered."};
        case Outcome::invalid_argument:
            return {400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "The registration token is not valid."};
        case Outcome::sender_id_mismatch:
            return {403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch"};
        case Outcome::success:
            break;
    }
    std::abort();
}

std::string text_at(const json::Value& parent, std::string_view path) {
    const json::Value* value = parent.at(path);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

json::Value parse_or_null(const std::string& body) {
    try {
        return json::parse(body, {.depth_max = 16, .values_max = 10'000});
    } catch (const Failure&) {
        return {};
    }
}

}  // namespace

void PushInlet::mount(Routes& routes) {
    const std::string send_path = std::string("/v1/projects/") + project_id + "/messages:send";
    routes.on("POST", token_path, [this](const http::Request& request) { return grant_token(request); });
    routes.on("POST", send_path, [this](const http::Request& request) { return take(request); });
    routes.on("POST", "/control/push/next",
              [this](const http::Request& request) { return instruct(request); });
    routes.on("GET", "/control/push/service_account", [this](const http::Request& request) {
        return json_response(200, service_account("http://" + std::string(request.header("Host"))));
    });
    routes.strangers_under("/v1/projects/", [](const http::Request&, bool) {
        return answer({404, "NOT_FOUND", "", "Requested entity was not found."});
    });
}

void PushInlet::reset() {
    script_.clear();
    accounts_.clear();
}

std::string PushInlet::service_account(const std::string& sandbox_url) const {
    return accounts_.file(sandbox_url + token_path);
}

http::Response PushInlet::grant_token(const http::Request& request) {
    const auto form = http::Query::parse(request.body);
    const auto grant = form.find("grant_type").value_or("") == grant_type
                           ? accounts_.grant(form.find("assertion").value_or(""))
                           : Accounts::Grant{.problem = "The grant_type is not known."};
    json::Writer body;
    body.begin_object();
    if (grant.token.empty()) {
        body.member("error", "invalid_grant");
        body.member("error_description", grant.problem);
    } else {
        body.member("access_token", grant.token);
        body.member("expires_in", 3'599);
        body.member("token_type", "Bearer");
    }
    body.end_object();
    return json_response(grant.token.empty() ? 400 : 200, body.take());
}

http::Response PushInlet::take(const http::Request& request) {
    std::string_view access = request.header("Authorization");
    if (!access.starts_with(bearer) || !accounts_.is_good(access.substr(bearer.size())))
        return answer({401, "UNAUTHENTICATED", "", "Request had invalid authentication credentials."});
    const json::Value body = parse_or_null(request.body);
    const std::string token = text_at(body, "message.token");
    if (token.empty())
        return answer({400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "Recipient of the message is not set."});
    const Instruction instruction = script_.take(token);
    if (instruction.outcome != Outcome::success) {
        auto refused = answer(refusal_of(instruction.outcome));
        if (instruction.retry_after_seconds)
            refused.headers.push_back({"Retry-After", std::to_string(*instruction.retry_after_seconds)});
        return refused;
    }
    inbox_.add({.channel = Channel::push,
                .to = token,
                .subject = text_at(body, "message.notification.title"),
                .text = text_at(body, "message.notification.body"),
                .html = ""});
    json::Writer name;
    name.begin_object();
    name.member("name", std::string("projects/") + project_id + "/messages/" + random_.hex(id_bytes));
    name.end_object();
    return json_response(200, name.take());
}

http::Response PushInlet::instruct(const http::Request& request) {
    script_.set(read_json<Instruction>(json_of(request), control_style));
    return json_response(200, "{\"set\":true}");
}

}  // namespace pamoja::sandbox::fcm
