#pragma once
// An application for tests: tells what it was asked, and answers late, wrongly or not at all on demand.
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "http/message.hpp"

namespace pamoja::http::internal {

class EchoApplication : public Application {
  public:
    ~EchoApplication() override {
        for (std::thread& thread : threads_) thread.join();
    }

    BodyLimit body_limit(const Request& head) const override {
        if (head.path == "/bad-limit") throw std::runtime_error("no limit is known");
        return {head.path == "/large" ? std::size_t{8} << 20 : std::size_t{1000}};
    }

    void handle(Request request, Responder respond) override {
        std::unique_lock lock(mutex_);
        ++handled_;
        changed_.notify_all();
        if (request.path == "/throw") throw std::runtime_error("the handler failed");
        if (request.path == "/drop") return;
        if (request.path == "/hold") return held_.push_back(std::move(respond));
        if (request.path == "/thread") {
            threads_.emplace_back([request, respond] { respond(echo(request)); });
            return;
        }
        lock.unlock();
        Response response = echo(request);
        if (request.path == "/huge") response.body.assign(std::size_t{8} << 20, 'h');
        if (request.path == "/split")
            response.headers.push_back({"X-Echo", request.query + "\r\nX-Evil: 1\r\n\r\n"});
        respond(response);
        if (request.path == "/twice") respond(response);
    }

    Response refuse(const Request& head, int status, std::string_view message) const override {
        if (head.path == "/bad-refusal") throw std::runtime_error("no refusal is known");
        Response response;
        response.status = status;
        response.body = "refused " + head.path + ": " + std::string(message);
        if (head.trace_id.empty()) response.body += " (without trace id)";
        return response;
    }

    // Waits until that many requests were handled in all.
    bool wait_until_handled(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return handled_ >= count; });
    }
    // Answers what is held.
    void release() {
        std::vector<Responder> held;
        {
            std::lock_guard lock(mutex_);
            held.swap(held_);
        }
        for (const Responder& respond : held) respond(Response{});
    }
    int handled() {
        std::lock_guard lock(mutex_);
        return handled_;
    }

  private:
    static Response echo(const Request& request) {
        Response response;
        response.content_type = "text/plain";
        response.body = request.method + " " + request.path + "?" + request.query + " " + request.host + " " +
                        request.remote_address + " " + request.body;
        response.headers = {{"X-Request-Id", request.trace_id}};
        return response;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int handled_ = 0;
    std::vector<Responder> held_;
    std::vector<std::thread> threads_;
};

}  // namespace pamoja::http::internal
