#include "limits/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace pamoja::limits {
namespace {

using std::chrono::seconds;

constexpr auto start = Timestamp::from_seconds(1'764'946'093);

class RateLimits : public ::testing::Test {
  protected:
    ManualClock clock_{start};
    RateLimiter limiter_{clock_};
};

TEST_F(RateLimits, AllowExactlyTheLimitInAWindowThatStartsAtTheFirstRequest) {
    for (int i = 0; i < 5; ++i) {
        const auto decision = limiter_.take("auth:1", 5, seconds(60));
        EXPECT_TRUE(decision.allowed);
        EXPECT_EQ(decision.limit, 5);
        EXPECT_EQ(decision.remaining, 4 - i);
        EXPECT_EQ(decision.reset_at, start.plus(seconds(60)));
        EXPECT_EQ(decision.retry_after, seconds(0));
        clock_.advance(seconds(10));
    }
    const auto refused = limiter_.take("auth:1", 5, seconds(60));
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.retry_after, seconds(10));

    clock_.advance(std::chrono::microseconds(9'999'999));
    EXPECT_EQ(limiter_.take("auth:1", 5, seconds(60)).retry_after, seconds(1));
    clock_.advance(std::chrono::microseconds(1));
    const auto renewed = limiter_.take("auth:1", 5, seconds(60));
    EXPECT_TRUE(renewed.allowed);
    EXPECT_EQ(renewed.remaining, 4);
    EXPECT_EQ(renewed.reset_at, start.plus(seconds(120)));
}

TEST_F(RateLimits, CountEachKeyForItself) {
    EXPECT_TRUE(limiter_.take("a", 1, seconds(60)).allowed);
    EXPECT_FALSE(limiter_.take("a", 1, seconds(60)).allowed);
    EXPECT_TRUE(limiter_.take("b", 1, seconds(60)).allowed);
    EXPECT_FALSE(limiter_.take("c", 0, seconds(60)).allowed);
}

TEST_F(RateLimits, DoNotLastLongerWhenTheClockIsSetBack) {
    EXPECT_TRUE(limiter_.take("a", 1, seconds(60)).allowed);
    clock_.advance(seconds(-3600));
    EXPECT_TRUE(limiter_.take("a", 1, seconds(60)).allowed);
    EXPECT_FALSE(limiter_.take("a", 1, seconds(60)).allowed);
}

TEST_F(RateLimits, HoldForManyThreadsAtOnce) {
    std::atomic<int> allowed = 0;
    std::vector<std::thread> pool;
    for (int i = 0; i < 8; ++i) {
        pool.emplace_back([&] {
            for (int request = 0; request < 5'000; ++request) {
                if (limiter_.take("shared", 1'234, seconds(60)).allowed) ++allowed;
                limiter_.take("own:" + std::to_string(request), 1, seconds(60));
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(allowed, 1'234);
}

TEST(RateLimitMemory, StaysBoundedUnderAMillionKeys) {
    ManualClock clock(start);
    RateLimiter limiter(clock, 10'000);
    for (int i = 0; i < 1'000'000; ++i) {
        limiter.take("address:" + std::to_string(i), 100, seconds(60));
        if (i % 100'000 == 0) {
            EXPECT_LE(limiter.size(), 10'000u);
        }
    }
    EXPECT_LE(limiter.size(), 10'000u);
    EXPECT_GT(limiter.size(), 9'000u);
    // The newest are still counted.
    EXPECT_EQ(limiter.take("address:999999", 100, seconds(60)).remaining, 98);
}

TEST(RateLimitMemory, GivesUpTheExpiredBeforeTheOldest) {
    ManualClock clock(start);
    RateLimiter limiter(clock, 16 * 64);
    limiter.take("hourly", 5, seconds(3600));
    for (int i = 0; i < 300; ++i) limiter.take("short:" + std::to_string(i), 5, seconds(1));
    clock.advance(seconds(2));
    for (int i = 0; i < 300; ++i) limiter.take("new:" + std::to_string(i), 5, seconds(60));
    EXPECT_EQ(limiter.take("hourly", 5, seconds(3600)).remaining, 3);
    EXPECT_LE(limiter.size(), 302u);
}

}  // namespace
}  // namespace pamoja::limits
