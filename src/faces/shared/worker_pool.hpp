#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pamoja::faces {

// A fixed number of threads behind a bounded queue: what slow halves of handlers run on. When the queue is
// full the caller is told so, which becomes 503 with Retry-After; slow work can never starve the rest of the
// server.
class WorkerPool {
  public:
    WorkerPool(int threads, std::size_t waiting_max);
    ~WorkerPool();  // finishes what was accepted

    // False when the queue is full. The task must not throw.
    [[nodiscard]] bool submit(std::function<void()> task);

  private:
    void run();
    std::mutex mutex_;
    std::condition_variable condition_;
    std::deque<std::function<void()>> tasks_;
    std::size_t waiting_max_;
    bool is_closed_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace pamoja::faces
