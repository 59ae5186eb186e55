#include "http/internal/loop.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "http/internal/connection.hpp"
#include "http/internal/response_text.hpp"

namespace pamoja::http::internal {

namespace {

// The loop whose thread this is.
thread_local const Loop* own_loop = nullptr;

// Fine enough for the shortest time-out, coarse enough to cost nothing.
std::chrono::milliseconds sweep_interval(const ServerConfig& config) {
    auto shortest =
        std::min({config.header_timeout, config.body_timeout, config.idle_timeout, config.write_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(200));
}

}  // namespace

Core::Core(ServerConfig given, Application& served)
    : config(std::move(given)),
      application(served),
      proxies(config.trusted_proxies),
      random(config.random == nullptr ? system_random : *config.random) {}

Loop::Loop(std::shared_ptr<Core> core) : core_(std::move(core)), trace_ids_(core_->random) {}

void Loop::start() {
    schedule_sweep();
    thread_ = std::thread([this] { run(); });
}

bool Loop::is_own_thread() const {
    return own_loop == this;
}

void Loop::run() {
    own_loop = this;
    while (true) {
        try {
            context_.run();
            return;
        } catch (const std::exception& error) {
            spdlog::error("a server thread goes on after: {}", error.what());
        }
    }
}

// Answers come in flocks, as the database commits them: one wake-up serves all that wait by then.
void Loop::post(std::function<void()> work) {
    std::lock_guard lock(mutex_);
    if (has_finished_) return;
    posted_.push_back(std::move(work));
    if (posted_.size() == 1) asio::post(context_, [this] { run_posted(); });
}

void Loop::run_posted() {
    std::vector<std::function<void()>> works;
    {
        std::lock_guard lock(mutex_);
        works.swap(posted_);
    }
    for (auto& work : works) {
        try {
            work();
        } catch (const std::exception& error) {
            spdlog::error("a server thread goes on after: {}", error.what());
        }
        work = nullptr;
    }
}

void Loop::begin_stop() {
    is_stopping_ = true;
    auto connections = connections_;  // closing one changes the list
    for (const auto& connection : connections) connection->close_when_idle();
}

void Loop::finish() {
    post([this] {
        is_stopping_ = true;
        is_finishing_ = true;
        sweep_timer_.cancel();
        auto connections = std::move(connections_);
        connections_.clear();
        for (const auto& connection : connections) connection->close();
        guard_.reset();
    });
    if (thread_.joinable()) thread_.join();
    {
        std::lock_guard lock(mutex_);
        has_finished_ = true;
    }
    // What was posted in between holds connections, and they hold this loop: it must not stay queued.
    context_.restart();
    context_.poll();
}

void Loop::adopt(Arrival arrival) {
    if (is_finishing_) return;
    auto connection = std::make_shared<Connection>(shared_from_this(), std::move(arrival));
    connection->place = connections_.size();
    connections_.push_back(connection);
    connection->start();
    if (is_stopping_) connection->close_when_idle();
}

void Loop::forget(Connection& connection) {
    if (!connections_.empty()) {
        std::swap(connections_[connection.place], connections_.back());
        connections_[connection.place]->place = connection.place;
        connections_.pop_back();
    }
    std::lock_guard lock(core_->mutex);
    if (--core_->open_connections == 0) core_->connection_closed.notify_all();
}

const std::string& Loop::date() {
    std::int64_t seconds = core_->clock.now().seconds();
    if (seconds != date_seconds_) {
        date_seconds_ = seconds;
        date_ = http_date(seconds);
    }
    return date_;
}

void Loop::schedule_sweep() {
    sweep_timer_.expires_after(sweep_interval(core_->config));
    sweep_timer_.async_wait([this](ErrorCode error) {
        if (error || is_finishing_) return;
        sweep();
        schedule_sweep();
    });
}

void Loop::sweep() {
    auto now = std::chrono::steady_clock::now();
    // Asked once: whoever waits goes, old or new, and not just the first ones that are looked at.
    bool is_crowded = core_->is_crowded();
    // From the end, since closing a connection moves the last one into its place.
    for (auto i = connections_.size(); i-- > 0;) {
        auto connection = connections_[i];
        connection->check_deadline(now, is_crowded);
    }
}

}  // namespace pamoja::http::internal
