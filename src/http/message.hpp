#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::http {

struct Header {
    std::string name;
    std::string value;
};

// One request as it came over the wire, after the framing checks.
struct Request {
    std::string method;           // upper case; GET for HEAD, whose answer the server sends without its body
    std::string path;             // percent-decoded once, begins with '/', never holds NUL
    std::string query;            // raw text after '?', still encoded
    std::vector<Header> headers;  // in order of arrival, names as sent
    std::string body;
    std::string host;            // of the Host header, lower case, without port
    std::string remote_address;  // numeric; from X-Forwarded-For only when the peer is a trusted proxy
    std::string trace_id;        // ours, or the caller's X-Request-Id where it is safe to repeat
    int local_port = 0;

    // The first header of that name (case-insensitive); empty when there is none.
    std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<Header> headers;
    std::string body;
};

// Takes the answer to one request; call it exactly once, from any thread.
using Responder = std::function<void(Response)>;

// Limits that a route may widen before its body is read.
struct BodyLimit {
    std::size_t bytes_max = 1 << 20;
};

// What stands behind a server. handle() must not block: it hands slow work to another thread.
class Application {
  public:
    virtual ~Application() = default;
    // Asked with the head only (body still empty), before a byte of the body is read.
    virtual BodyLimit body_limit(const Request& head) const = 0;
    virtual void handle(Request request, Responder respond) = 0;
    // An answer in the form of the face that the request was meant for, when the server itself refuses it
    // (400 framing, 408, 413, 414, 431, 503). `head` holds what could be read.
    virtual Response refuse(const Request& head, int status, std::string_view message) const = 0;
};

}  // namespace pamoja::http
