#include "faces/shared/headers.hpp"

#include <algorithm>

#include "json/writer.hpp"

namespace pamoja::faces {
namespace {

void add_unless_set(http::Response& response, const std::string& name, const std::string& value) {
    const bool is_set =
        std::ranges::any_of(response.headers, [&](const auto& header) { return header.name == name; });
    if (!is_set) response.headers.push_back({name, value});
}

const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 503:
            return "Service Unavailable";
        default:
            return "Internal Server Error";
    }
}

}  // namespace

void add_security_headers(http::Response& response) {
    add_unless_set(response, "X-Content-Type-Options", "nosniff");
    add_unless_set(response, "X-Frame-Options", "DENY");
    add_unless_set(response, "Referrer-Policy", "no-referrer");
    add_unless_set(response, "Cache-Control", "no-store");
    add_unless_set(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    add_unless_set(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

void add_headers(http::Response& response, const Face& face) {
    for (const auto& [name, value] : face.headers()) add_unless_set(response, name, value);
    add_security_headers(response);
}

void add_limit_headers(http::Response& response, const LimitState& state, Timestamp now) {
    const auto text = [](std::int64_t number) { return std::to_string(number); };
    const std::string name = "\"" + state.policy + "\"";
    response.headers.push_back({"X-RateLimit-Limit", text(state.limit)});
    response.headers.push_back({"X-RateLimit-Remaining", text(state.remaining)});
    response.headers.push_back({"X-RateLimit-Reset", text(now.seconds() + state.reset_seconds)});
    response.headers.push_back(
        {"RateLimit-Policy", name + ";q=" + text(state.limit) + ";w=" + text(state.window_seconds)});
    response.headers.push_back(
        {"RateLimit", name + ";r=" + text(state.remaining) + ";t=" + text(state.reset_seconds)});
}

bool wants_problem(const http::Request& request) {
    return request.header("Accept").find("application/problem+json") != std::string_view::npos;
}

http::Response problem(const Failure& failure, int status, const EnvelopeContext& context) {
    json::Writer writer;
    writer.begin_object();
    writer.member("type", failure.reason().kind == FailureKind::rate_limited
                              ? "https://iana.org/assignments/http-problem-types#quota-exceeded"
                              : "about:blank");
    writer.member("title", title_of(status));
    writer.member("status", status);
    writer.member("detail", failure.message());
    writer.member("code", failure.reason().code);
    writer.member("request_id", context.trace_id);
    writer.name("errors");
    writer.begin_array();
    for (const FieldError& error : failure.errors()) {
        writer.begin_object();
        writer.member("detail", error.message);
        writer.member("code", error.code);
        std::string pointer = "#/" + error.field;
        std::ranges::replace(pointer, '.', '/');
        writer.member("pointer", pointer);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return {status, "application/problem+json", {}, writer.take()};
}

}  // namespace pamoja::faces
