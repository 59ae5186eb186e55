#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace pamoja {

// Hands items from many threads to the threads that take them. After close(), take() drains and then returns
// nothing.
template <class T>
class Queue {
  public:
    // False when the queue holds `size_max` items already, or is closed.
    bool put(T item, std::size_t size_max) {
        {
            const std::lock_guard lock(mutex_);
            if (is_closed_ || items_.size() >= size_max) return false;
            items_.push_back(std::move(item));
        }
        condition_.notify_one();
        return true;
    }

    // Waits for at least one item and takes up to `count_max`; empty when closed and drained.
    std::vector<T> take(std::size_t count_max) {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [&] { return is_closed_ || !items_.empty(); });
        std::vector<T> taken;
        while (!items_.empty() && taken.size() < count_max) {
            taken.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return taken;
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            is_closed_ = true;
        }
        condition_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::deque<T> items_;
    bool is_closed_ = false;
};

}  // namespace pamoja
