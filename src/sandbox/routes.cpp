#include "sandbox/routes.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/failure.hpp"
#include "http/query.hpp"
#include "http/status.hpp"
#include "json/writer.hpp"

namespace pamoja::sandbox {
namespace {

http::Response response_of(const Failure& failure) {
    json::Writer body;
    body.begin_object();
    body.member("message", failure.message());
    body.name("errors");
    body.begin_array();
    for (const FieldError& error : failure.errors()) {
        body.begin_object();
        body.member("field", error.field);
        body.member("message", error.message);
        body.end_object();
    }
    body.end_array();
    body.end_object();
    return json_response(http::usual_status(failure.reason().kind), body.take());
}

}  // namespace

void Routes::on(std::string method, std::string path, Handler handler) {
    on_later(std::move(method), std::move(path),
             [handler = std::move(handler)](const http::Request& request, const http::Responder& respond) {
                 respond(handler(request));
             });
}

void Routes::on_later(std::string method, std::string path, LateHandler handler) {
    handlers_[{std::move(path), std::move(method)}] = std::move(handler);
}

void Routes::strangers_under(std::string prefix,
                             std::function<http::Response(const http::Request&, bool)> handler) {
    strangers_.emplace_back(std::move(prefix), std::move(handler));
}

void Routes::handle(http::Request request, http::Responder respond) {
    const auto found = handlers_.find({request.path, request.method});
    if (found == handlers_.end()) return respond(stranger(request));
    try {
        found->second(request, respond);
    } catch (const Failure& failure) {
        respond(response_of(failure));
    }
}

http::Response Routes::stranger(const http::Request& request) const {
    const auto same_path = handlers_.lower_bound({request.path, ""});
    const bool is_known = same_path != handlers_.end() && same_path->first.first == request.path;
    for (const auto& [prefix, handler] : strangers_) {
        if (request.path.starts_with(prefix)) return handler(request, is_known);
    }
    return is_known ? message_response(405, "The path is served, but not for this method.")
                    : message_response(404, "The sandbox has no such path.");
}

http::Response Routes::refuse(const http::Request&, int status, std::string_view message) const {
    return message_response(status, message);
}

http::Response json_response(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

http::Response message_response(int status, std::string_view message) {
    return json_response(status, "{\"message\":" + json::quoted(message) + "}");
}

json::Value json_of(const http::Request& request) {
    return json::parse(request.body, {.depth_max = 16, .values_max = 10'000});
}

std::string parameter_of(const http::Request& request, std::string_view name) {
    const auto query = http::Query::parse(request.query);
    return std::string(query.find(name).value_or(""));
}

}  // namespace pamoja::sandbox
