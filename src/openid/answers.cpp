#include "openid/answers.hpp"

#include "http/status.hpp"
#include "json/writer.hpp"
#include "openid/pages.hpp"
#include "openid/refusals.hpp"

namespace pamoja::openid {
namespace {

void add_retry_after(const Failure& failure, http::Response& response) {
    if (failure.retry_after) {
        response.headers.push_back({"Retry-After", std::to_string(failure.retry_after->count())});
    }
}

bool is_about_a_token(const Reason& reason) {
    return reason == invalid_token || reason == insufficient_scope;
}

}  // namespace

http::Response redirect_to(std::string address) {
    return {303,
            "text/plain; charset=utf-8",
            {{"Location", std::move(address)}, {"Cache-Control", "no-store"}},
            {}};
}

http::Response json_answer(std::string body) {
    return {200,
            "application/json",
            {{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}, {"Access-Control-Allow-Origin", "*"}},
            std::move(body)};
}

std::string error_code_of(const Reason& reason) {
    switch (reason.kind) {
        case FailureKind::unavailable:
        case FailureKind::rate_limited:
            return "temporarily_unavailable";
        case FailureKind::internal:
            return "server_error";
        case FailureKind::invalid:
        case FailureKind::conflict:
        case FailureKind::not_found:
        case FailureKind::too_large:
        case FailureKind::unsupported:
            return "invalid_request";
        case FailureKind::malformed:
        case FailureKind::unauthenticated:
        case FailureKind::forbidden:
            // Those of this module are OAuth's own words; a foreign one is no more than a bad request.
            return reason == malformed_request ? "invalid_request" : reason.code;
    }
    return "server_error";
}

http::Response oauth_refusal(const Failure& failure) {
    const auto code = error_code_of(failure.reason());
    json::Writer writer;
    writer.begin_object();
    writer.member("error", code);
    writer.member("error_description", failure.message());
    writer.end_object();
    auto response = json_answer(writer.take());
    response.status = http::usual_status(failure.reason().kind);
    add_retry_after(failure, response);
    if (failure.reason() == invalid_client) {
        response.headers.push_back({"WWW-Authenticate", "Basic realm=\"token\", charset=\"UTF-8\""});
    } else if (is_about_a_token(failure.reason())) {
        response.headers.push_back({"WWW-Authenticate", "Bearer error=\"" + code + "\""});
    }
    return response;
}

http::Response page_refusal(const Failure& failure) {
    auto response = refusal_page(http::usual_status(failure.reason().kind), failure.message());
    add_retry_after(failure, response);
    return response;
}

}  // namespace pamoja::openid
