#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pamoja::jobs {

// What a runner waits at. A commit that wrote a job rings all bells of this process, whoever's database it
// was: a runner that finds nothing waits again. So nobody who enqueues has to know a runner.
class Bell {
  public:
    Bell();
    ~Bell();
    Bell(const Bell&) = delete;

    void ring();
    // Returns when it was rung since the last time, or after that long.
    void wait_for(std::chrono::microseconds);

    static void ring_all();

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool was_rung_ = false;
};

}  // namespace pamoja::jobs
