#include "jobs/sweep.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "db/counting.hpp"
#include "db/testing.hpp"
#include "jobs/dead_jobs.hpp"
#include "jobs/runner.hpp"

namespace pamoja::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Kind sweep_kind{"test.sweep", Lane::upkeep, 3};
constexpr Kind one_kind{"test.sweep_one"};

// Tenants have pieces of work, and a turn does one of them.
class SweepTest : public ::testing::TestWithParam<Engine> {
  protected:
    SweepTest() : db_(GetParam()), counting_(*db_) {
        db_->write(every_tenant(), [](Tx& tx) {
            tx.run(
                "CREATE TABLE pieces (tenant_id TEXT NOT NULL, kind TEXT NOT NULL, number BIGINT NOT NULL, "
                "PRIMARY KEY (tenant_id, kind, number))");
        });
        handle_sweep(handlers_, {.kind = sweep_kind,
                                 .one_kind = one_kind,
                                 .when = Every{minutes(1)},
                                 .finders = {with_pieces("red"), with_pieces("blue")},
                                 .turn = [this](Tx& tx) { return do_one(tx); }});
        // A schedule runs for the first time after it is new.
        run();
        counting_.forget();
    }

    static std::function<std::vector<TenantId>(Tx&, const TenantSlice&)> with_pieces(std::string kind) {
        return [kind](Tx& tx, const TenantSlice& slice) {
            return tenants_with(tx, slice, "pieces", "kind = $1", kind);
        };
    }

    bool do_one(Tx& tx) {
        if (tx.tenant() == poisoned_) throw std::runtime_error("cannot be done");
        tx.run(
            "DELETE FROM pieces WHERE tenant_id = $1 AND number = (SELECT MIN(number) FROM pieces WHERE "
            "tenant_id = $1)",
            tx.tenant());
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM pieces WHERE tenant_id = $1", tx.tenant()) > 0;
    }

    static TenantId tenant(int number) { return TenantId("tenant" + std::to_string(100'000 + number)); }

    void give(int number, const std::string& kind, int count) {
        db_->write(every_tenant(), [&](Tx& tx) {
            for (int i = 0; i < count; ++i) {
                tx.run("INSERT INTO pieces (tenant_id, kind, number) VALUES ($1, $2, $3)", tenant(number),
                       kind, std::int64_t{i});
            }
        });
    }

    std::int64_t pieces_left() {
        return db_->read(every_tenant(),
                         [](Tx& tx) { return *tx.value<std::int64_t>("SELECT COUNT(*) FROM pieces"); });
    }

    void run() { Runner(counting_, db_.clock, db_.random, handlers_).drain(); }
    void run_a_minute_later() {
        db_.clock.advance(minutes(1));
        run();
    }

    testing::TestDatabase db_;
    testing::CountingDatabase counting_;
    Handlers handlers_;
    TenantId poisoned_;
};

TEST_P(SweepTest, GivesATurnToEveryTenantThatAnyFinderNames) {
    give(1, "red", 1);
    give(2, "blue", 1);
    give(70, "blue", 3);
    run_a_minute_later();
    EXPECT_EQ(pieces_left(), 0);
    const auto writes = counting_.writes();
    EXPECT_EQ(writes.at(tenant(1)), 1);
    EXPECT_EQ(writes.at(tenant(2)), 1);
    EXPECT_EQ(writes.at(tenant(70)), 3) << "as many turns as it has pieces";
}

TEST_P(SweepTest, GoesThroughMoreTenantsThanHaveTheirTurnAtOnce) {
    for (int number = 0; number < 150; ++number) give(number, number % 3 == 0 ? "red" : "blue", 1);
    run_a_minute_later();
    EXPECT_EQ(pieces_left(), 0);
    for (int number = 0; number < 150; ++number)
        EXPECT_EQ(counting_.writes().at(tenant(number)), 1) << number;
}

TEST_P(SweepTest, GoesOnInAnotherJobWhenThereIsVeryMuch) {
    db_->write(every_tenant(), [](Tx& tx) {
        for (int number = 0; number < 2'500; ++number) {
            tx.run("INSERT INTO pieces (tenant_id, kind, number) VALUES ($1, 'red', 0)", tenant(number));
        }
    });
    run_a_minute_later();
    EXPECT_EQ(pieces_left(), 0);
}

TEST_P(SweepTest, ATenantWhoseTurnFailsHoldsUpNobody) {
    for (int number = 0; number < 3; ++number) give(number, "red", 2);
    poisoned_ = tenant(1);
    run_a_minute_later();
    EXPECT_EQ(pieces_left(), 2);
    const auto waiting = db_->read(poisoned_, [](Tx& tx) { return backlog(tx).waiting; });
    EXPECT_EQ(waiting, 1) << "its own job tries again, with the usual pauses";
    run_a_minute_later();
    EXPECT_EQ(db_->read(poisoned_, [](Tx& tx) { return backlog(tx).waiting; }), 1)
        << "not one for each minute";
    poisoned_ = TenantId();
    run_a_minute_later();
    EXPECT_EQ(pieces_left(), 0);
}

TEST_P(SweepTest, CostsTheSameWithoutWorkHoweverManyTenantsThereAre) {
    const auto cost = [this] {
        run_a_minute_later();
        const auto writes = counting_.writes();
        EXPECT_EQ(writes.size(), 1u) << "no tenant but that of the installation";
        const auto total = std::pair(counting_.reads(), writes.at(every_tenant()));
        counting_.forget();
        return total;
    };
    const auto without_tenants = cost();
    // They have had work once: what is looked for is not in their rows.
    db_->write(every_tenant(), [](Tx& tx) {
        for (int number = 0; number < 2'000; ++number) {
            tx.run("INSERT INTO pieces (tenant_id, kind, number) VALUES ($1, 'done', 0)", tenant(number));
        }
    });
    EXPECT_EQ(cost(), without_tenants);
}

TEST_P(SweepTest, RunsOnceHoweverManyProcessesThereAre) {
    std::vector<std::unique_ptr<Runner>> runners;
    for (int i = 0; i < 3; ++i)
        runners.push_back(std::make_unique<Runner>(counting_, db_.clock, db_.random, handlers_));
    for (int number = 0; number < 40; ++number) give(number, "red", 1);
    db_.clock.advance(minutes(1));
    std::vector<std::thread> threads;
    for (auto& runner : runners) threads.emplace_back([&runner] { runner->drain(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(pieces_left(), 0);
    for (int number = 0; number < 40; ++number) EXPECT_EQ(counting_.writes().at(tenant(number)), 1) << number;
}

INSTANTIATE_TEST_SUITE_P(Engines, SweepTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::jobs
