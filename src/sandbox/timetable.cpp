#include "sandbox/timetable.hpp"

namespace pamoja::sandbox {

Timetable::Timetable(int threads, std::size_t tasks_max) : threads_count_(threads), tasks_max_(tasks_max) {}

Timetable::~Timetable() {
    stop();
}

void Timetable::start() {
    is_stopping_ = false;
    for (int i = 0; i < threads_count_; ++i) threads_.emplace_back([this] { run(); });
}

void Timetable::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        tasks_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

bool Timetable::after(std::chrono::milliseconds delay, std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || tasks_.size() >= tasks_max_) return false;
        tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    }
    changed_.notify_one();
    return true;
}

void Timetable::clear() {
    const std::lock_guard lock(mutex_);
    tasks_.clear();
}

void Timetable::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        if (tasks_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const Instant due = tasks_.begin()->first;
        if (due > std::chrono::steady_clock::now()) {
            changed_.wait_until(lock, due);
            continue;
        }
        const auto task = std::move(tasks_.extract(tasks_.begin()).mapped());
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace pamoja::sandbox
