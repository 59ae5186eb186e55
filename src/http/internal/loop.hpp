#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "http/internal/asio.hpp"
#include "http/internal/proxies.hpp"
#include "http/internal/trace.hpp"
#include "http/server.hpp"

namespace pamoja::http::internal {

class Connection;

// What all threads of a server share.
struct Core {
    Core(ServerConfig, Application&);

    ServerConfig config;
    Application& application;
    Proxies proxies;
    SystemClock clock;
    SystemRandom system_random;
    Random& random;

    std::atomic<std::size_t> open_connections{0};
    std::atomic<bool> lacks_descriptors{false};
    std::mutex mutex;
    std::condition_variable connection_closed;

    // True while connections that only wait should make room for others.
    bool is_crowded() const {
        return lacks_descriptors || open_connections > config.connections_max - config.connections_max / 4;
    }
    bool is_full() const { return open_connections > config.connections_max; }
};

// A socket just accepted.
struct Arrival {
    Socket socket;
    asio::ip::tcp::endpoint peer;
    std::uint16_t local_port = 0;
};

// One thread with its io_context and the connections that live on it. Everything but post(), start() and the
// stopping functions is called on that thread only.
class Loop : public std::enable_shared_from_this<Loop> {
  public:
    explicit Loop(std::shared_ptr<Core>);

    void start();
    // Runs `work` on the thread; drops it once the loop has finished, as then nobody waits for the outcome.
    void post(std::function<void()> work);
    // Closes connections that wait for a request; the others close after their answer.
    void begin_stop();
    // Closes every connection, ends the thread and waits for it.
    void finish();

    void adopt(Arrival);
    void forget(Connection&);

    Core& core() { return *core_; }
    asio::io_context& context() { return context_; }
    TraceIds& trace_ids() { return trace_ids_; }
    const std::string& date();
    bool is_stopping() const { return is_stopping_; }
    // True when the caller runs on this loop's thread.
    bool is_own_thread() const;

  private:
    void run();
    void run_posted();
    void schedule_sweep();
    void sweep();

    std::shared_ptr<Core> core_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_{context_.get_executor()};
    Timer sweep_timer_{context_};
    TraceIds trace_ids_;
    std::vector<std::shared_ptr<Connection>> connections_;
    std::string date_;
    std::int64_t date_seconds_ = 0;
    bool is_stopping_ = false;
    bool is_finishing_ = false;
    std::mutex mutex_;
    bool has_finished_ = false;                  // guarded by mutex_
    std::vector<std::function<void()>> posted_;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace pamoja::http::internal
