#include "jobs/queue.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "jobs/dead_jobs.hpp"
#include "jobs/runner.hpp"

namespace pamoja::jobs {
namespace {

using std::chrono::hours;

const TenantId tenant("a");
constexpr Kind note{"test.note"};
constexpr Kind note_again{"test.note_again"};

class QueueTest : public ::testing::TestWithParam<Engine> {
  protected:
    QueueTest() : db_(GetParam()), runner_(*db_, db_.clock, db_.random, handlers_) {
        db_->write(every_tenant(), [](Tx& tx) { tx.run("CREATE TABLE notes (text TEXT NOT NULL)"); });
        handlers_.add(note, [](Tx& tx, const Job& job) { leave_note(tx, job.payload.text_or_empty()); });
    }

    static void leave_note(Tx& tx, const std::string& text) {
        tx.run("INSERT INTO notes (text) VALUES ($1)", text);
    }

    std::vector<std::string> notes() {
        return db_->read(tenant, [](Tx& tx) {
            std::vector<std::string> found;
            for (const Row& row : tx.rows("SELECT text FROM notes ORDER BY text").rows)
                found.push_back(std::get<std::string>(row.cells[0]));
            return found;
        });
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }

    void enqueue_note(const char* text, std::string key = {}, IfLive if_live = IfLive::leave,
                      std::chrono::microseconds delay = {}) {
        write([&](Tx& tx) {
            enqueue(tx, {.kind = note,
                         .payload = json::Value(text),
                         .run_at = tx.now().plus(delay),
                         .unique_key = key,
                         .if_live = if_live});
        });
    }

    testing::TestDatabase db_;
    Handlers handlers_;
    Runner runner_;
};

TEST_P(QueueTest, RunsWhatWasCommittedAndNothingElse) {
    enqueue_note("kept");
    EXPECT_THROW(write([](Tx& tx) {
                     enqueue(tx, {.kind = note, .payload = json::Value("lost")});
                     throw Failure(conflict, "No.");
                 }),
                 Failure);
    runner_.drain();
    EXPECT_EQ(notes(), std::vector<std::string>({"kept"}));
    EXPECT_EQ(write([](Tx& tx) { return backlog(tx).waiting; }), 0);
}

TEST_P(QueueTest, WaitsForTheTimeOfAJob) {
    enqueue_note("later", "", IfLive::leave, hours(1));
    runner_.drain();
    EXPECT_TRUE(notes().empty());
    db_.clock.advance(hours(1));
    runner_.drain();
    EXPECT_EQ(notes().size(), 1u);
}

TEST_P(QueueTest, KeepsOneLiveJobAKey) {
    enqueue_note("first", "key");
    enqueue_note("second", "key");
    enqueue_note("other", "another key");
    runner_.drain();
    EXPECT_EQ(notes(), std::vector<std::string>({"first", "other"}));
    enqueue_note("third", "key");
    runner_.drain();
    EXPECT_EQ(notes().back(), "third");
}

TEST_P(QueueTest, KeysOfTwoTenantsAreTwoKeys) {
    enqueue_note("ours", "key");
    db_->write(TenantId("b"), [](Tx& tx) {
        enqueue(tx, {.kind = note, .payload = json::Value("theirs"), .unique_key = "key"});
    });
    runner_.drain();
    EXPECT_EQ(notes().size(), 2u);
}

TEST_P(QueueTest, MovesALiveJobOnlyWhenAsked) {
    enqueue_note("job", "key", IfLive::leave, hours(5));
    const auto run_at = [&] { return write([](Tx& tx) { return *backlog(tx).oldest_run_at; }); };
    const Timestamp now = db_.clock.now();
    enqueue_note("job", "key", IfLive::leave, hours(1));
    EXPECT_EQ(run_at(), now.plus(hours(5)));
    enqueue_note("job", "key", IfLive::sooner, hours(9));
    EXPECT_EQ(run_at(), now.plus(hours(5)));
    enqueue_note("job", "key", IfLive::sooner, hours(3));
    EXPECT_EQ(run_at(), now.plus(hours(3)));
    enqueue_note("job", "key", IfLive::move, hours(7));
    EXPECT_EQ(run_at(), now.plus(hours(7)));
}

TEST_P(QueueTest, RunsOnceMoreWhenAskedForWhileRunning) {
    constexpr Kind outside{"test.outside", Lane::outside};
    int runs = 0;
    handlers_.add(outside, [&](JobCall& call) {
        if (++runs > 1) return;
        for (int i = 0; i < 3; ++i) {
            call.database.write(call.tenant,
                                [&](Tx& tx) { enqueue(tx, {.kind = outside, .unique_key = "key"}); });
        }
    });
    write([&](Tx& tx) { enqueue(tx, {.kind = outside, .unique_key = "key"}); });
    runner_.drain();
    EXPECT_EQ(runs, 2);
}

TEST_P(QueueTest, AJobMayEnqueueItsOwnKey) {
    handlers_.add(note_again, [](Tx& tx, const Job& job) {
        leave_note(tx, "run");
        enqueue(tx, {.kind = note_again, .run_at = job.run_at.plus(hours(1)), .unique_key = "self"});
    });
    write([&](Tx& tx) { enqueue(tx, {.kind = note_again, .unique_key = "self"}); });
    runner_.drain();
    EXPECT_EQ(notes().size(), 1u);
    db_.clock.advance(hours(1));
    runner_.drain();
    EXPECT_EQ(notes().size(), 2u);
}

TEST_P(QueueTest, CancelsWhatWaits) {
    enqueue_note("never", "key", IfLive::leave, hours(1));
    EXPECT_TRUE(write([](Tx& tx) { return is_live(tx, "key"); }));
    EXPECT_TRUE(write([](Tx& tx) { return cancel(tx, "key"); }));
    EXPECT_FALSE(write([](Tx& tx) { return cancel(tx, "key"); }));
    EXPECT_FALSE(write([](Tx& tx) { return is_live(tx, "key"); }));
}

TEST_P(QueueTest, AnEventReachesEachSubscriberOnce) {
    constexpr Kind mail{"test.mail"};
    constexpr Kind webhook{"test.webhook", Lane::bulk};
    handlers_.add(mail, [&](Tx& tx, const Job& job) {
        const Event event = event_of(job);
        EXPECT_EQ(tx.tenant(), tenant);
        EXPECT_EQ(event.at, db_.clock.now());
        leave_note(tx, "mail " + event.data.find("loan")->text_or_empty());
    });
    handlers_.add(webhook, [&](JobCall& call) {
        call.record([name = event_of(call.job).name](Tx& tx) { leave_note(tx, "webhook " + name); });
    });
    handlers_.subscribe("loan.disbursed", mail);
    handlers_.subscribe("*", webhook);
    write([](Tx& tx) {
        publish(tx, "loan.disbursed", json::Value(json::Object{{"loan", json::Value("L1")}}));
        publish(tx, "loan.repaid", json::Value(json::Object()));
    });
    runner_.drain();
    EXPECT_EQ(notes(),
              std::vector<std::string>({"mail L1", "webhook loan.disbursed", "webhook loan.repaid"}));
}

TEST_P(QueueTest, DeadJobsAreListedRevivedAndDiscarded) {
    constexpr Kind broken{"test.broken", Lane::inside, 1};
    bool is_repaired = false;
    handlers_.add(broken, [&](Tx&, const Job&) {
        if (!is_repaired) throw std::runtime_error("the token is s3cret");
    });
    write([&](Tx& tx) { enqueue(tx, {.kind = broken, .unique_key = "key"}); });
    runner_.drain();
    const auto dead = write([](Tx& tx) { return dead_jobs(tx, {}); });
    ASSERT_EQ(dead.total, 1);
    EXPECT_EQ(dead.items[0].last_error, "std::runtime_error");
    EXPECT_EQ(dead.items[0].attempts, 1);

    // Its key is free, and taken again it bars the way back.
    write([&](Tx& tx) {
        enqueue(tx, {.kind = broken, .run_at = tx.now().plus(hours(1)), .unique_key = "key"});
    });
    const auto revive_it = [&](Tx& tx) { revive(tx, dead.items[0].id); };
    EXPECT_THROW(write(revive_it), Failure);
    write([](Tx& tx) { cancel(tx, "key"); });
    is_repaired = true;
    write(revive_it);
    runner_.drain();
    EXPECT_EQ(write([](Tx& tx) { return dead_jobs(tx, {}).total + backlog(tx).waiting; }), 0);
    EXPECT_THROW(write([&](Tx& tx) { discard(tx, dead.items[0].id); }), Failure);
}

INSTANTIATE_TEST_SUITE_P(Engines, QueueTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::jobs
