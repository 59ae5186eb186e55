#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "json/value.hpp"

namespace pamoja::sandbox {

// Which handler answers which request. Handlers are quick: they run on the server's threads. A Failure
// becomes 400, 404, 409 or 422 with {"message", "errors"}.
class Routes : public http::Application {
  public:
    using Handler = std::function<http::Response(const http::Request&)>;
    // Answers from another thread, once.
    using LateHandler = std::function<void(const http::Request&, http::Responder)>;

    void on(std::string method, std::string path, Handler);
    void on_later(std::string method, std::string path, LateHandler);
    // Answers what begins with `prefix` and has no route: a party's own form of "not found". The flag tells
    // that the path exists under another method.
    void strangers_under(std::string prefix, std::function<http::Response(const http::Request&, bool)>);

    http::BodyLimit body_limit(const http::Request&) const override { return {}; }
    void handle(http::Request, http::Responder) override;
    http::Response refuse(const http::Request&, int status, std::string_view message) const override;

  private:
    http::Response stranger(const http::Request&) const;

    std::map<std::pair<std::string, std::string>, LateHandler> handlers_;  // by path and method
    std::vector<std::pair<std::string, std::function<http::Response(const http::Request&, bool)>>> strangers_;
};

http::Response json_response(int status, std::string body);
http::Response message_response(int status, std::string_view message);

// The body as JSON; Failure(malformed_request) where it is none.
json::Value json_of(const http::Request&);

// The value of a parameter of the query, or empty.
std::string parameter_of(const http::Request&, std::string_view name);

}  // namespace pamoja::sandbox
