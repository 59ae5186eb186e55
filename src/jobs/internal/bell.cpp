#include "jobs/internal/bell.hpp"

#include <algorithm>
#include <vector>

namespace pamoja::jobs {
namespace {

struct Bells {
    std::mutex mutex;
    std::vector<Bell*> all;
};

Bells& bells() {
    static Bells instance;
    return instance;
}

}  // namespace

Bell::Bell() {
    const std::lock_guard lock(bells().mutex);
    bells().all.push_back(this);
}

Bell::~Bell() {
    const std::lock_guard lock(bells().mutex);
    std::erase(bells().all, this);
}

void Bell::ring() {
    {
        const std::lock_guard lock(mutex_);
        was_rung_ = true;
    }
    condition_.notify_one();
}

void Bell::wait_for(std::chrono::microseconds duration) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, duration, [&] { return was_rung_; });
    was_rung_ = false;
}

void Bell::ring_all() {
    const std::lock_guard lock(bells().mutex);
    for (Bell* bell : bells().all) bell->ring();
}

}  // namespace pamoja::jobs
