#include "limits/rate_limiter.hpp"

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace pamoja::limits {
namespace {

constexpr std::size_t shard_count = 16;

}  // namespace

// The keys whose hash falls here, under one lock. Windows of one length end in the order in which they began,
// so each length has its own queue and the expired are found at the fronts.
class RateLimiter::Shard {
  public:
    explicit Shard(std::size_t keys_max) : keys_max_(keys_max) {}

    Decision take(std::string_view key, std::int64_t limit, std::chrono::seconds window, std::int64_t cost,
                  Timestamp now) {
        const std::lock_guard lock(mutex_);
        Window& current = window_of(key, window, now);
        Decision decision;
        decision.allowed = current.count < limit;
        if (decision.allowed) current.count += cost;
        decision.limit = limit;
        decision.remaining = std::max<std::int64_t>(limit - current.count, 0);
        decision.reset_at = current.started_at.plus(window);
        if (!decision.allowed) {
            decision.retry_after = std::chrono::ceil<std::chrono::seconds>(decision.reset_at.since(now));
        }
        return decision;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return entries_.size();
    }

  private:
    struct Window {
        std::string key;
        Timestamp started_at;
        std::int64_t count = 0;
    };
    using Queue = std::list<Window>;
    struct Entry {
        Queue* queue;
        Queue::iterator place;
    };

    Window& window_of(std::string_view key, std::chrono::seconds length, Timestamp now) {
        const auto found = entries_.find(key);
        if (found != entries_.end()) {
            Window& known = *found->second.place;
            // A clock that was set back must not keep a caller out until it has caught up.
            if (now >= known.started_at && now < known.started_at.plus(length)) return known;
            remove(*found->second.queue, found->second.place);
        }
        make_room(now);
        Queue& queue = queues_[length];
        queue.push_back({std::string(key), now, 0});
        entries_.emplace(queue.back().key, Entry{&queue, std::prev(queue.end())});
        return queue.back();
    }

    void make_room(Timestamp now) {
        for (auto& [length, queue] : queues_) {
            while (!queue.empty() && now >= queue.front().started_at.plus(length)) {
                remove(queue, queue.begin());
            }
        }
        while (entries_.size() >= keys_max_) {
            Queue* oldest = nullptr;
            for (auto& [length, queue] : queues_) {
                if (queue.empty()) continue;
                if (oldest == nullptr || queue.front().started_at < oldest->front().started_at) {
                    oldest = &queue;
                }
            }
            remove(*oldest, oldest->begin());
        }
    }

    void remove(Queue& queue, Queue::iterator place) {
        entries_.erase(place->key);
        queue.erase(place);
    }

    const std::size_t keys_max_;
    mutable std::mutex mutex_;
    std::map<std::chrono::seconds, Queue> queues_;
    // The keys are held by the queues; list nodes never move.
    std::unordered_map<std::string_view, Entry> entries_;
};

RateLimiter::RateLimiter(const Clock& clock, std::size_t keys_max) : clock_(clock) {
    const std::size_t share = std::max<std::size_t>(keys_max / shard_count, 1);
    for (std::size_t i = 0; i < shard_count; ++i) shards_.push_back(std::make_unique<Shard>(share));
}

RateLimiter::~RateLimiter() = default;

Decision RateLimiter::take(std::string_view key, std::int64_t limit, std::chrono::seconds window,
                           std::int64_t cost) {
    Shard& shard = *shards_[std::hash<std::string_view>()(key) % shard_count];
    return shard.take(key, limit, window, cost, clock_.now());
}

std::size_t RateLimiter::size() const {
    std::size_t total = 0;
    for (const auto& shard : shards_) total += shard->size();
    return total;
}

}  // namespace pamoja::limits
