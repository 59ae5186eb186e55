#include "jobs/runner.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "db/counting.hpp"
#include "db/testing.hpp"
#include "jobs/dead_jobs.hpp"
#include "jobs/internal/verdict.hpp"
#include "jobs/queue.hpp"

namespace pamoja::jobs {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const TenantId tenant("a");
constexpr Kind effect{"test.effect"};
constexpr Kind flaky{"test.flaky"};
constexpr Kind call{"test.call", Lane::outside};
constexpr seconds patience{30};

class RunnerTest : public ::testing::TestWithParam<Engine> {
  protected:
    RunnerTest() : db_(GetParam()) {
        db_->write(every_tenant(), [](Tx& tx) {
            tx.run("CREATE TABLE effects (job TEXT NOT NULL, times BIGINT NOT NULL, PRIMARY KEY (job))");
        });
        handlers_.add(effect, [](Tx& tx, const Job& job) { leave_effect(tx, job); });
    }

    static void leave_effect(Tx& tx, const Job& job) {
        tx.run(
            "INSERT INTO effects (job, times) VALUES ($1, 1) ON CONFLICT (job) DO UPDATE SET times = "
            "effects.times + 1",
            job.id);
    }

    std::vector<std::int64_t> times_of_effects() {
        return db_->read(tenant, [](Tx& tx) {
            std::vector<std::int64_t> times;
            for (const Row& row : tx.rows("SELECT times FROM effects ORDER BY job").rows)
                times.push_back(std::get<std::int64_t>(row.cells[0]));
            return times;
        });
    }

    void enqueue_some(const Kind& kind, int count = 1) {
        db_->write(tenant, [&](Tx& tx) {
            for (int i = 0; i < count; ++i) enqueue(tx, {.kind = kind});
        });
    }

    Backlog rest() {
        return db_->read(tenant, [](Tx& tx) { return backlog(tx); });
    }

    testing::TestDatabase db_;
    Handlers handlers_;
};

TEST_P(RunnerTest, StartsAJobAsSoonAsItIsCommitted) {
    std::promise<void> done;
    handlers_.add(call, [&](JobCall&) { done.set_value(); });
    // With a poll of an hour only the bell can wake it in time.
    Runner runner(*db_, db_.clock, db_.random, handlers_, {.poll = hours(1)});
    runner.start();
    enqueue_some(call);
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
}

TEST_P(RunnerTest, ManyRunnersDoEachJobOnce) {
    constexpr int jobs = 400;
    std::atomic<int> calls = 0;
    handlers_.add(call, [&](JobCall& each) {
        ++calls;
        each.record([job = each.job](Tx& tx) { leave_effect(tx, job); });
    });
    std::vector<std::unique_ptr<Runner>> runners;
    for (int i = 0; i < 4; ++i) {
        runners.push_back(std::make_unique<Runner>(*db_, db_.clock, db_.random, handlers_));
        runners.back()->start();
    }
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&] {
            for (int n = 0; n < jobs / 8; ++n) {
                enqueue_some(effect);
                enqueue_some(call);
            }
        });
    }
    for (auto& writer : writers) writer.join();
    for (auto& runner : runners) runner->drain();
    runners.clear();
    EXPECT_EQ(calls, jobs / 2);
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>(jobs, 1));
    EXPECT_EQ(rest().waiting + rest().running + rest().dead, 0);
}

TEST_P(RunnerTest, AnEffectAndItsCompletionAreOneCommit) {
    handlers_.add(flaky, [&](Tx& tx, const Job& job) {
        leave_effect(tx, job);
        if (job.attempt < 3) throw Failure(conflict, "Not yet.");
    });
    enqueue_some(flaky);
    Runner runner(*db_, db_.clock, db_.random, handlers_);
    runner.drain();
    EXPECT_TRUE(times_of_effects().empty());
    const Timestamp retry = *rest().oldest_run_at;
    EXPECT_GE(retry, db_.clock.now().plus(seconds(1)));
    EXPECT_LE(retry, db_.clock.now().plus(std::chrono::milliseconds(1250)));
    db_.clock.advance(hours(1));
    runner.drain();
    db_.clock.advance(hours(1));
    runner.drain();
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>({1}));
}

TEST_P(RunnerTest, DiesAfterItsLastAttemptOrWhenItGivesUp) {
    constexpr Kind stubborn{"test.stubborn", Lane::inside, 3};
    std::set<std::int64_t> attempts;
    handlers_.add(stubborn, [&](Tx&, const Job& job) {
        attempts.insert(job.attempt);
        EXPECT_EQ(job.is_last_attempt(), job.attempt == 3);
        throw Failure(not_found, "There is no such loan.");
    });
    handlers_.add(call, [](JobCall& each) {
        each.record([job = each.job](Tx& tx) { leave_effect(tx, job); });
        throw GiveUp("refused for ever");
    });
    enqueue_some(stubborn);
    enqueue_some(call);
    Runner runner(*db_, db_.clock, db_.random, handlers_);
    for (int i = 0; i < 5; ++i) {
        runner.drain();
        db_.clock.advance(hours(1));
    }
    EXPECT_EQ(attempts, std::set<std::int64_t>({1, 2, 3}));
    auto dead = db_->read(tenant, [](Tx& tx) { return dead_jobs(tx, {}).items; });
    ASSERT_EQ(dead.size(), 2u);
    EXPECT_EQ(dead[0].last_error, "not_found: There is no such loan.");
    EXPECT_EQ(dead[1].last_error, "refused for ever");
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>({1}))
        << "what a handler records goes with GiveUp";
}

TEST_P(RunnerTest, ARetryMayChooseItsTime) {
    handlers_.add(call, [](JobCall&) { throw Retry("busy", hours(2)); });
    enqueue_some(call);
    Runner(*db_, db_.clock, db_.random, handlers_).drain();
    EXPECT_EQ(rest().oldest_run_at, db_.clock.now().plus(hours(2)));
}

TEST_P(RunnerTest, ARefusedRecordFailsTheAttempt) {
    handlers_.add(call,
                  [](JobCall& each) { each.record([](Tx&) { throw Failure(conflict, "Paid already."); }); });
    enqueue_some(call);
    Runner(*db_, db_.clock, db_.random, handlers_).drain();
    EXPECT_EQ(rest().waiting, 1);
    EXPECT_GT(*rest().oldest_run_at, db_.clock.now());
}

TEST_P(RunnerTest, TakesOverFromACrashedRunnerWithinItsLease) {
    enqueue_some(effect);
    Claims crashed(*db_, db_.random, "crashed", seconds(15));
    crashed.renew(db_.clock.now());
    const auto claims = crashed.take({10}, db_.clock.now());
    ASSERT_EQ(claims.size(), 1u);

    Runner runner(*db_, db_.clock, db_.random, handlers_);
    db_.clock.advance(seconds(15));
    runner.drain();
    EXPECT_TRUE(times_of_effects().empty()) << "its lease still holds";
    db_.clock.advance(seconds(1));
    runner.drain();
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>({1}));
}

TEST_P(RunnerTest, WhatWasTakenOverCannotBeFinishedByTheFormerHolder) {
    enqueue_some(effect);
    Claims slow(*db_, db_.random, "slow", seconds(15));
    slow.renew(db_.clock.now());
    const auto claims = slow.take({10}, db_.clock.now());
    ASSERT_EQ(claims.size(), 1u);
    db_.clock.advance(seconds(16));
    Runner(*db_, db_.clock, db_.random, handlers_).drain();
    EXPECT_THROW(db_->write(tenant,
                            [&](Tx& tx) {
                                leave_effect(tx, claims[0].job);
                                complete(tx, claims[0]);
                            }),
                 LostClaim);
    EXPECT_THROW(db_->write(tenant, [&](Tx& tx) { bury(tx, claims[0], "late"); }), LostClaim);
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>({1}));
}

TEST_P(RunnerTest, AJobThatEndsItsProcessEachTimeDies) {
    constexpr Kind deadly{"test.deadly", Lane::inside, 2};
    enqueue_some(deadly);
    for (int i = 0; i < 2; ++i) {
        Claims crashed(*db_, db_.random, "crashed", seconds(15));
        crashed.renew(db_.clock.now());
        EXPECT_EQ(crashed.take({10}, db_.clock.now()).size(), 1u);
        db_.clock.advance(seconds(16));
        Claims other(*db_, db_.random, "other", seconds(15));
        EXPECT_EQ(other.take_over(db_.clock.now()), 1);
    }
    EXPECT_EQ(rest().dead, 1);
}

TEST_P(RunnerTest, GivesBackWhatItClaimedWithoutKnowing) {
    enqueue_some(effect, 2);
    Claims claims(*db_, db_.random, "me", seconds(15));
    const auto taken = claims.take({10}, db_.clock.now());
    ASSERT_EQ(taken.size(), 2u);
    claims.give_back_except({taken[0].job.id.text()});
    EXPECT_EQ(rest().waiting, 1);
    EXPECT_EQ(rest().running, 1);
}

TEST_P(RunnerTest, LeavesAJobOfANewerVersionToIt) {
    constexpr Kind unheard{"test.unheard", Lane::inside, 1};
    constexpr Kind unheard_outside{"test.unheard_outside", Lane::outside};
    enqueue_some(unheard);
    enqueue_some(unheard_outside);
    Runner runner(*db_, db_.clock, db_.random, handlers_);
    for (int i = 0; i < 3; ++i) {
        runner.drain();
        db_.clock.advance(hours(1));
    }
    EXPECT_EQ(rest().waiting, 2);
    EXPECT_EQ(rest().dead, 0);
}

TEST_P(RunnerTest, StopWaitsForTheJobInProgressAndKeepsTheOthers) {
    std::promise<void> started;
    std::promise<void> may_end;
    std::atomic<int> done = 0;
    handlers_.add(call, [&](JobCall&) {
        started.set_value();
        may_end.get_future().wait();
        ++done;
    });
    enqueue_some(call);
    auto runner =
        std::make_unique<Runner>(*db_, db_.clock, db_.random, handlers_, RunnerOptions{.threads = 1});
    runner->start();
    ASSERT_EQ(started.get_future().wait_for(patience), std::future_status::ready);
    enqueue_some(call, 2);
    auto stopped = std::async(std::launch::async, [&] { runner->stop(); });
    may_end.set_value();
    stopped.get();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(rest().waiting, 2);
    EXPECT_EQ(rest().running, 0);
}

TEST_P(RunnerTest, TellsOfEachFailure) {
    std::set<std::string> told;
    handlers_.add(flaky, [](Tx&, const Job&) { throw std::runtime_error("details for the log"); });
    enqueue_some(flaky);
    Runner runner(*db_, db_.clock, db_.random, handlers_,
                  {.on_failure = [&](const TenantId& of, const Job& job, const std::exception& error) {
                      told.insert(of.text() + " " + job.kind + " " + error.what());
                  }});
    runner.drain();
    EXPECT_EQ(told, std::set<std::string>({"a test.flaky details for the log"}));
}

TEST_P(RunnerTest, RunsTheFutureInTheOrderOfTime) {
    std::set<Timestamp> at;
    const Timestamp start = db_.clock.now();
    handlers_.add(flaky, [&](Tx& tx, const Job& job) {
        at.insert(tx.now());
        if (tx.now() < start.plus(hours(20)))
            enqueue(tx, {.kind = flaky, .run_at = job.run_at.plus(hours(10))});
    });
    handlers_.add(call, [&](JobCall& each) { at.insert(each.clock.now()); });
    db_->write(tenant, [&](Tx& tx) {
        enqueue(tx, {.kind = call, .run_at = start.plus(hours(15))});
        enqueue(tx, {.kind = flaky, .run_at = start.plus(hours(1))});
        enqueue(tx, {.kind = call, .run_at = start.plus(hours(400))});
    });
    Runner runner(*db_, db_.clock, db_.random, handlers_);
    runner.run_due_until(start.plus(hours(100)), [&](auto step) { db_.clock.advance(step); });
    EXPECT_EQ(at, std::set<Timestamp>({start.plus(hours(1)), start.plus(hours(11)), start.plus(hours(15)),
                                       start.plus(hours(21))}));
    EXPECT_EQ(db_.clock.now(), start.plus(hours(100)));
}

TEST_P(RunnerTest, JobsOfATenantThatAreDueTogetherShareTransactions) {
    enqueue_some(effect, 100);
    testing::CountingDatabase counting(*db_);
    Runner(counting, db_.clock, db_.random, handlers_, {.jobs_per_commit = 50}).drain();
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>(100, 1));
    EXPECT_EQ(counting.writes().at(tenant), 2);
}

TEST_P(RunnerTest, AFailureIsChargedToItsOwnJobOnly) {
    std::set<std::string> failed;
    handlers_.add(flaky, [](Tx& tx, const Job& job) {
        leave_effect(tx, job);
        throw std::runtime_error("cannot be done");
    });
    enqueue_some(effect, 10);
    enqueue_some(flaky, 1);
    enqueue_some(effect, 10);
    const auto note = [&](const TenantId&, const Job& job, const std::exception&) {
        failed.insert(job.kind);
    };
    Runner(*db_, db_.clock, db_.random, handlers_, {.on_failure = note}).drain();
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>(20, 1));
    EXPECT_EQ(failed, std::set<std::string>({flaky.name}));
    EXPECT_EQ(rest().waiting, 1);
}

TEST_P(RunnerTest, TakesMoreOfOneTenantThanAStatementNames) {
    enqueue_some(effect, 700);
    db_->write(TenantId("b"), [](Tx& tx) { enqueue(tx, {.kind = effect}); });
    Runner(*db_, db_.clock, db_.random, handlers_).drain();
    EXPECT_EQ(times_of_effects(), std::vector<std::int64_t>(701, 1));
}

INSTANTIATE_TEST_SUITE_P(Engines, RunnerTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

TEST(BackOff, DoublesToAnHourWithAQuarterOfChance) {
    SeededRandom random(1);
    const std::vector<std::pair<int, int>> table{{1, 1},     {2, 2},     {3, 4},    {10, 512},
                                                 {12, 2048}, {13, 3600}, {99, 3600}};
    for (const auto& [attempt, base] : table) {
        for (int i = 0; i < 50; ++i) {
            const auto delay = back_off(attempt, random);
            EXPECT_GE(delay, seconds(base)) << attempt;
            EXPECT_LT(delay, std::chrono::milliseconds(base * 1250)) << attempt;
        }
    }
}

}  // namespace
}  // namespace pamoja::jobs
