#pragma once
#include <condition_variable>
#include <functional>

#include "base/id.hpp"

namespace pamoja::postgres {

// Where write transactions that may conflict meet. Most run beside each other; one that lost several times
// asks to run alone, so that it gets through where many would keep making each other fail.
class Lane {
  public:
    // Holds a transaction's place for as long as it lives.
    class Pass {
      public:
        Pass(Lane& lane, bool is_alone);
        ~Pass();
        Pass(const Pass&) = delete;

      private:
        Lane& lane_;
        bool is_alone_;
    };

  private:
    void enter_beside_others();
    void enter_alone();
    void leave(bool was_alone);

    std::mutex mutex_;
    std::condition_variable condition_;
    int beside_count_ = 0;
    int waiting_alone_count_ = 0;
    bool is_taken_alone_ = false;
};

// A few lanes shared by all tenants: conflicts are between transactions of one tenant.
class Lanes {
  public:
    Lane& of(const TenantId& tenant) { return lanes_[std::hash<TenantId>()(tenant) % lanes_.size()]; }

  private:
    std::array<Lane, 64> lanes_;
};

}  // namespace pamoja::postgres
