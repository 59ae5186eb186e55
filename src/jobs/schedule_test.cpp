#include "jobs/schedule.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "db/testing.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"

namespace pamoja::jobs {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Kind tick{"test.tick"};
constexpr Kind accrue{"test.accrue"};

Timestamp at(std::string_view text) {
    return *Timestamp::parse(text);
}

TEST(NextTime, IsAMultipleOfTheInterval) {
    const Schedule schedule{"s", tick, Every{minutes(5)}};
    EXPECT_EQ(next_time(schedule, at("2025-12-05T14:48:13Z"), "UTC"), at("2025-12-05T14:50:00Z"));
    EXPECT_EQ(next_time(schedule, at("2025-12-05T14:50:00Z"), "UTC"), at("2025-12-05T14:55:00Z"));
}

TEST(NextTime, IsTheTenantsWallClock) {
    const Schedule schedule{"s", tick, DailyAt{hours(1)}};
    EXPECT_EQ(next_time(schedule, at("2025-12-05T14:48:13Z"), "Africa/Nairobi"), at("2025-12-05T22:00:00Z"));
    EXPECT_EQ(next_time(schedule, at("2025-12-05T22:00:00Z"), "Africa/Nairobi"), at("2025-12-06T22:00:00Z"));
    EXPECT_EQ(next_time(schedule, at("2025-12-05T21:30:00Z"), "Africa/Nairobi"), at("2025-12-05T22:00:00Z"));
    EXPECT_EQ(next_time(schedule, at("2025-12-05T14:48:13Z"), "Africa/Lagos"), at("2025-12-06T00:00:00Z"));
}

class ScheduleTest : public ::testing::TestWithParam<Engine> {
  protected:
    ScheduleTest() : db_(GetParam()) {
        db_->write(every_tenant(), [](Tx& tx) { tx.run("CREATE TABLE runs (at TEXT NOT NULL)"); });
        handlers_.add(tick, note);
        handlers_.add(accrue, note);
        options_.tenants = [](Tx&, std::optional<Timestamp>) {
            return std::vector<ZonedTenant>{{TenantId("kenya"), "Africa/Nairobi"},
                                            {TenantId("nigeria"), "Africa/Lagos"}};
        };
    }

    static void note(Tx& tx, const Job& job) {
        tx.run("INSERT INTO runs (at) VALUES ($1)", scheduled_time(job).text() + " " + tx.tenant().text());
    }

    // In order of their times.
    std::vector<std::string> runs() {
        return db_->read(every_tenant(), [](Tx& tx) {
            std::vector<std::string> found;
            for (const Row& row : tx.rows("SELECT at FROM runs ORDER BY at").rows)
                found.push_back(std::get<std::string>(row.cells[0]));
            return found;
        });
    }

    Runner runner() { return {*db_, db_.clock, db_.random, handlers_, options_}; }

    testing::TestDatabase db_;  // at 2025-12-05T14:48:13Z
    Handlers handlers_;
    RunnerOptions options_;
};

TEST_P(ScheduleTest, RunsDailyAtEachTenantsTime) {
    handlers_.schedule({"daily", tick, DailyAt{hours(1)}});
    auto runner = this->runner();
    runner.run_due_until(at("2025-12-07T12:00:00Z"), [&](auto step) { db_.clock.advance(step); });
    EXPECT_EQ(runs(),
              std::vector<std::string>({"2025-12-05T22:00:00Z kenya", "2025-12-06T00:00:00Z nigeria",
                                        "2025-12-06T22:00:00Z kenya", "2025-12-07T00:00:00Z nigeria"}));
}

TEST_P(ScheduleTest, CatchesUpOnceUnlessEachRunCounts) {
    handlers_.schedule({"hourly", tick, Every{hours(1)}, CatchUp::once, Scope::once});
    handlers_.schedule({"interest", accrue, DailyAt{hours(3)}, CatchUp::each_missed, Scope::once});
    auto runner = this->runner();
    runner.drain();
    EXPECT_TRUE(runs().empty()) << "nothing is due when a schedule is new";
    db_.clock.advance(hours(72));
    runner.drain();
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-06T03:00:00Z *", "2025-12-07T03:00:00Z *",
                                                "2025-12-08T03:00:00Z *", "2025-12-08T14:00:00Z *"}));
}

TEST_P(ScheduleTest, RunsOnceHoweverManyProcessesThereAre) {
    handlers_.schedule({"hourly", tick, Every{hours(1)}});
    std::vector<std::unique_ptr<Runner>> runners;
    for (int i = 0; i < 3; ++i) {
        runners.push_back(std::make_unique<Runner>(*db_, db_.clock, db_.random, handlers_, options_));
        runners.back()->drain();
    }
    for (int hour = 0; hour < 5; ++hour) {
        db_.clock.advance(hours(1));
        std::vector<std::thread> threads;
        for (auto& runner : runners) threads.emplace_back([&runner] { runner->drain(); });
        for (auto& thread : threads) thread.join();
    }
    for (auto& runner : runners) runner->drain();
    const auto found = runs();
    EXPECT_EQ(found.size(), 10u);
    EXPECT_EQ(std::ranges::adjacent_find(found), found.end());
}

TEST_P(ScheduleTest, DoesNotPileUpBehindARunThatFails) {
    constexpr Kind broken{"test.broken"};
    std::set<Timestamp> attempts;
    handlers_.add(broken, [&](Tx& tx, const Job&) {
        attempts.insert(tx.now());
        throw Retry("later", hours(10));
    });
    handlers_.schedule({"hourly", broken, Every{hours(1)}, CatchUp::once, Scope::once});
    handlers_.schedule({"each", accrue, Every{hours(1)}, CatchUp::each_missed, Scope::once});
    auto runner = this->runner();
    runner.run_due_until(db_.clock.now().plus(hours(9)), [&](auto step) { db_.clock.advance(step); });
    EXPECT_EQ(attempts.size(), 1u);
    EXPECT_EQ(runs().size(), 9u);
}

TEST_P(ScheduleTest, FrequentSchedulesDoNotHoldUpASimulation) {
    handlers_.schedule({"often", tick, Every{minutes(1)}, CatchUp::once, Scope::once});
    auto runner = this->runner();
    runner.run_due_until(at("2025-12-06T07:30:00Z"), [&](auto step) { db_.clock.advance(step); });
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-05T18:00:00Z *", "2025-12-06T00:00:00Z *",
                                                "2025-12-06T06:00:00Z *", "2025-12-06T07:30:00Z *"}));
}

TEST_P(ScheduleTest, ANewTenantGetsItsSchedules) {
    handlers_.schedule({"hourly", tick, Every{hours(1)}});
    bool is_new_there = false;
    options_.tenants = [&](Tx&, std::optional<Timestamp>) {
        std::vector<ZonedTenant> tenants{{TenantId("old"), "UTC"}};
        if (is_new_there) tenants.push_back({TenantId("new"), "UTC"});
        return tenants;
    };
    auto runner = this->runner();
    runner.drain();
    is_new_there = true;
    runner.drain();
    db_.clock.advance(hours(1));
    runner.drain();
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-05T15:00:00Z new", "2025-12-05T15:00:00Z old"}));
}

TEST_P(ScheduleTest, IsForTheTenantsOfItsGroups) {
    handlers_.schedule({.name = "lending", .kind = tick, .when = Every{hours(1)}, .groups = {"lenders"}});
    handlers_.schedule({.name = "all", .kind = accrue, .when = Every{hours(2)}});
    options_.tenants = [](Tx&, std::optional<Timestamp>) {
        return std::vector<ZonedTenant>{{TenantId("bank"), "UTC", "lenders"},
                                        {TenantId("shop"), "UTC", "shops"}};
    };
    auto runner = this->runner();
    runner.drain();
    db_.clock.advance(hours(1));
    runner.drain();
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-05T15:00:00Z bank"}));
    db_.clock.advance(hours(1));
    runner.drain();
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-05T15:00:00Z bank", "2025-12-05T16:00:00Z bank",
                                                "2025-12-05T16:00:00Z bank", "2025-12-05T16:00:00Z shop"}));
}

TEST_P(ScheduleTest, AsksForAllTenantsRarelyAndForNewOnesOtherwise) {
    handlers_.schedule({"hourly", tick, Every{hours(1)}});
    std::vector<std::optional<Timestamp>> asked;
    options_.tenants = [&](Tx&, std::optional<Timestamp> made_since) {
        asked.push_back(made_since);
        return std::vector<ZonedTenant>{{TenantId("only"), "UTC"}};
    };
    auto runner = this->runner();
    for (int minute = 0; minute <= 12; ++minute) {
        runner.drain();
        db_.clock.advance(minutes(1));
    }
    const auto count = std::ranges::count(asked, std::optional<Timestamp>());
    EXPECT_EQ(count, 2) << "at first, and ten minutes later";
    ASSERT_GE(asked.size(), 13u);
    EXPECT_EQ(asked[1], at("2025-12-05T14:47:13Z"))
        << "a minute before it asked last, for clocks that differ";
}

TEST_P(ScheduleTest, RunsOnceWhereItOnceRanForEachTenant) {
    Handlers before;
    before.add(tick, note);
    before.schedule({"hourly", tick, Every{hours(1)}});
    Runner(*db_, db_.clock, db_.random, before, options_).drain();
    handlers_.schedule({"hourly", tick, Every{hours(1)}, CatchUp::once, Scope::once});
    auto runner = this->runner();
    runner.drain();
    db_.clock.advance(hours(1));
    runner.drain();
    EXPECT_EQ(runs(), std::vector<std::string>({"2025-12-05T15:00:00Z *"}));
}

INSTANTIATE_TEST_SUITE_P(Engines, ScheduleTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::jobs
