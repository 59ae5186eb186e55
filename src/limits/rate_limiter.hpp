#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace pamoja::limits {

struct Decision {
    bool allowed = false;
    std::int64_t limit = 0;
    std::int64_t remaining = 0;           // after this one
    Timestamp reset_at;                   // when the window ends and the count starts anew
    std::chrono::seconds retry_after{0};  // 0 when allowed; otherwise until reset_at, rounded up
};

// Counts requests per key in fixed windows that start at a key's first request: of N allowed ones the N+1st
// within the window is refused, and refused ones do not prolong it. In memory, thread-safe, holds at most
// `keys_max` keys: the expired give way first, then the oldest.
class RateLimiter {
  public:
    explicit RateLimiter(const Clock&, std::size_t keys_max = 250'000);
    ~RateLimiter();

    // The key names class and subject ("flexifinance:auth:10.0.0.1"); one key always comes with one limit.
    // A request may count as several, or as none to ask how matters stand.
    Decision take(std::string_view key, std::int64_t limit, std::chrono::seconds window,
                  std::int64_t cost = 1);
    std::size_t size() const;  // keys held now

  private:
    class Shard;
    const Clock& clock_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace pamoja::limits
