#include "http/server.hpp"

#include <future>

#include "http/internal/listener.hpp"
#include "http/internal/loop.hpp"

namespace pamoja::http {

using internal::Core;
using internal::Listener;
using internal::Loop;

class Server::State {
  public:
    State(ServerConfig config, Application& application)
        : core_(std::make_shared<Core>(std::move(config), application)) {}

    void start() {
        std::vector<std::shared_ptr<Loop>> loops;
        for (int i = 0; i < std::max(1, core_->config.threads); ++i)
            loops.push_back(std::make_shared<Loop>(core_));
        loops_ = std::move(loops);
        listeners_.clear();
        for (std::uint16_t port : core_->config.ports)
            listeners_.push_back(std::make_unique<Listener>(loops_, port));
        for (const auto& listener : listeners_) listener->start();
        for (const auto& loop : loops_) loop->start();
        is_running_ = true;
    }

    std::vector<std::uint16_t> ports() const {
        std::vector<std::uint16_t> result;
        for (const auto& listener : listeners_) result.push_back(listener->port());
        return result;
    }

    void stop() {
        if (!std::exchange(is_running_, false)) return;
        run_on(*loops_.front(), [this] {
            for (const auto& listener : listeners_) listener->stop();
        });
        for (const auto& loop : loops_) run_on(*loop, [&loop] { loop->begin_stop(); });
        {
            std::unique_lock lock(core_->mutex);
            core_->connection_closed.wait_for(lock, core_->config.stop_timeout,
                                              [this] { return core_->open_connections == 0; });
        }
        for (const auto& loop : loops_) loop->finish();
        listeners_.clear();
        loops_.clear();
    }

  private:
    static void run_on(Loop& loop, const std::function<void()>& work) {
        std::promise<void> done;
        loop.post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    std::shared_ptr<Core> core_;
    std::vector<std::shared_ptr<Loop>> loops_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    bool is_running_ = false;
};

Server::Server(ServerConfig config, Application& application)
    : state_(std::make_unique<State>(std::move(config), application)) {}

Server::~Server() {
    state_->stop();
}

void Server::start() {
    state_->start();
}

std::vector<std::uint16_t> Server::ports() const {
    return state_->ports();
}

void Server::stop() {
    state_->stop();
}

}  // namespace pamoja::http
