#include "db/postgres/lane.hpp"

namespace pamoja::postgres {
namespace {

// How long one that wants to be alone waits for those who are inside: a slow one must not stop its tenant.
constexpr std::chrono::milliseconds patience{100};

}  // namespace

Lane::Pass::Pass(Lane& lane, bool is_alone) : lane_(lane), is_alone_(is_alone) {
    if (is_alone_) {
        lane_.enter_alone();
    } else {
        lane_.enter_beside_others();
    }
}

Lane::Pass::~Pass() {
    lane_.leave(is_alone_);
}

void Lane::enter_beside_others() {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [&] { return waiting_alone_count_ == 0 && !is_taken_alone_; });
    ++beside_count_;
}

void Lane::enter_alone() {
    std::unique_lock lock(mutex_);
    ++waiting_alone_count_;
    condition_.wait(lock, [&] { return !is_taken_alone_; });
    is_taken_alone_ = true;
    --waiting_alone_count_;
    condition_.wait_for(lock, patience, [&] { return beside_count_ == 0; });
}

void Lane::leave(bool was_alone) {
    {
        const std::lock_guard lock(mutex_);
        if (was_alone) {
            is_taken_alone_ = false;
        } else {
            --beside_count_;
        }
    }
    condition_.notify_all();
}

}  // namespace pamoja::postgres
