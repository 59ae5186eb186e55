#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "connectors/mpesa/daraja.hpp"
#include "connectors/web/testing/loopback_server.hpp"
#include "connectors/web/web_client.hpp"
#include "json/value.hpp"
#include "sandbox/sandbox.hpp"

namespace pamoja::sandbox {

// Takes callbacks, and answers them as the test says.
class Receiver {
  public:
    struct Callback {
        std::string path;
        std::string body;
    };
    // Gives the body of the answer to a callback.
    using Answer = std::function<std::string(const Callback&)>;

    Receiver()
        : server_(web::LoopbackServer::http([this](const std::string& request) { return take(request); })) {}

    void answer_with(Answer answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    std::string url(std::string_view path) const { return server_.url(path); }

    // The next callback; its path is empty when none comes in time.
    Callback next(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, [&] { return !callbacks_.empty(); })) return {};
        Callback callback = std::move(callbacks_.front());
        callbacks_.pop_front();
        return callback;
    }

  private:
    std::string take(const std::string& request) {
        const auto path_begin = request.find(' ') + 1;
        const Callback callback{
            .path = request.substr(path_begin, request.find(' ', path_begin) - path_begin),
            .body = request.substr(request.find("\r\n\r\n") + 4)};
        const std::lock_guard lock(mutex_);
        callbacks_.push_back(callback);
        changed_.notify_all();
        const std::string body = answer_ ? answer_(callback) : R"({"ResultCode":0,"ResultDesc":"Accepted"})";
        return web::http_answer(200, body);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Callback> callbacks_;
    Answer answer_;
    web::LoopbackServer server_;
};

// A running sandbox, a receiver of its callbacks and our own client of Daraja.
class World {
  public:
    World() : sandbox({.port = 0, .smtp_port = 0, .dns_port = 0}, clock, random) { sandbox.start(); }

    mpesa::DarajaConfig daraja_config() const {
        return {.base_url = sandbox.url(),
                .consumer_key = "key",
                .consumer_secret = "secret",
                .short_code = mpesa_short_code,
                .passkey = mpesa_passkey,
                .initiator_name = "testapi",
                .initiator_password = "Safaricom999!*!",
                .certificate_pem = sandbox.mpesa_certificate_pem()};
    }

    web::WebResponse get(const std::string& path) {
        return web.call({.url = sandbox.url() + path, .reach = web::Reach::anywhere});
    }
    web::WebResponse post(const std::string& path, const std::string& body,
                          const std::vector<web::Header>& headers = {}) {
        return web.call({.method = web::Method::post,
                         .url = sandbox.url() + path,
                         .headers = headers,
                         .body = body,
                         .reach = web::Reach::anywhere});
    }
    json::Value get_json(const std::string& path) { return json::parse(get(path).body); }

    ManualClock clock{*Timestamp::parse("2026-01-02T10:30:15Z")};
    SystemRandom random;
    web::WebClient web;
    Receiver receiver;
    Sandbox sandbox;
};

}  // namespace pamoja::sandbox
