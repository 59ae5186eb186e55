#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace pamoja::sandbox {

// Runs tasks on threads of its own when their time has come, in real time. Holds a bounded number of them.
class Timetable {
  public:
    explicit Timetable(int threads, std::size_t tasks_max = 100'000);
    ~Timetable();  // stops

    void start();
    // Drops what is not due yet and waits for what runs.
    void stop();

    // False when it holds too many tasks already; then the task never runs.
    bool after(std::chrono::milliseconds delay, std::function<void()> task);
    // Drops everything that does not run yet.
    void clear();

  private:
    using Instant = std::chrono::steady_clock::time_point;
    void run();

    const int threads_count_;
    const std::size_t tasks_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Instant, std::function<void()>> tasks_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace pamoja::sandbox
