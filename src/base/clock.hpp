#pragma once
#include <atomic>
#include <cstdint>

#include "base/time.hpp"

namespace pamoja {

// Where time comes from. Everything that asks for the time takes a Clock, so that a test can set it.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

// The machine's clock, which can be moved forward: `pamoja dev` starts it at an instant and advances it.
class SystemClock : public Clock {
  public:
    Timestamp now() const override;
    void advance(std::chrono::microseconds duration) { offset_ += duration.count(); }
    // Makes it `instant` now; it runs on in real time from there.
    void set(Timestamp instant);

  private:
    std::atomic<std::int64_t> offset_{0};
};

// Stands still until it is told otherwise.
class ManualClock : public Clock {
  public:
    explicit ManualClock(Timestamp start) : micros_(start.micros()) {}
    Timestamp now() const override { return Timestamp::from_micros(micros_); }
    void advance(std::chrono::microseconds duration) { micros_ += duration.count(); }

  private:
    std::atomic<std::int64_t> micros_;
};

}  // namespace pamoja
