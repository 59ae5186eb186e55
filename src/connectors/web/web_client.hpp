#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::web {

enum class Method { get, post, put, patch, remove, head };

// Which addresses a call may connect to. Checked on the numeric address at connect time, so that a name that
// changes its address between check and use gains nothing. URLs that other people gave us are public_only.
enum class Reach { public_only, anywhere };

struct Header {
    std::string name{};
    std::string value{};
};

struct WebRequest {
    Method method = Method::get;
    std::string url{};  // http or https, without user name and password
    std::vector<Header> headers{};
    std::string body{};
    Reach reach = Reach::public_only;
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds total_timeout{15'000};
    std::size_t answer_bytes_max = 1 << 20;
    // Whether the other side does the same once when it gets the same request twice. A request that may not
    // be repeated goes out on a fresh connection, because one that dies while it is reused makes libcurl send
    // again. GET, HEAD, PUT and DELETE always may.
    bool is_repeatable = false;
};

enum class Transport {
    answered,           // there is a status; whatever it says
    malformed,          // the URL or a header is none that we send
    unresolved,         // the host has no address
    forbidden_address,  // every address is outside the request's reach
    refused,            // no connection
    timed_out,
    too_large,  // more bytes than answer_bytes_max
    tls,        // no trusted connection: certificate, name or protocol
    broken,     // the connection ended early, or what came was no HTTP
};

// How a call ended. never_sent tells that not a byte of the request left, so that it can be made again;
// otherwise a call that was not answered may have had its effect.
struct Outcome {
    Transport transport = Transport::answered;
    bool never_sent = false;
    std::string detail{};  // for the log, never for a user
};

struct WebResponse {
    Outcome outcome{};
    int status = 0;  // 0 unless answered
    std::vector<Header> headers{};
    std::string body{};

    bool answered() const { return outcome.transport == Transport::answered; }
    bool succeeded() const { return status >= 200 && status < 300; }
    std::string_view header(
        std::string_view name) const;  // the first of that name, in any case; empty if none
};

// An HTTP client for calls to outside parties. Blocks, so it runs on worker threads; safe to share between
// them, and keeps connections open for reuse. Follows no redirects, reads no proxy from the environment,
// always verifies certificates, and gives back what went wrong instead of throwing.
class WebClient {
  public:
    // The client names itself with `user_agent`.
    explicit WebClient(std::string user_agent = "Pamoja/1.0");
    ~WebClient();
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    WebResponse call(const WebRequest&);

  private:
    class Pool;
    std::string user_agent_;
    std::unique_ptr<Pool> pool_;
};

// name=value&… as an HTML form sends it.
std::string form_encode(const std::vector<Header>& fields);

}  // namespace pamoja::web
