#include <atomic>

#include "db/postgres/connection.hpp"
#include "db/postgres/postgres_test.hpp"

namespace pamoja::postgres {
namespace {

TEST_F(PostgresTest, RunsAgainWhenTheConnectionBreaksBeforeTheCommit) {
    add_counter(tenant_a, "one");
    std::atomic<int> attempts = 0;
    db()->write(tenant_a, [&](Tx& tx) {
        increment(tx, "one");
        if (++attempts == 1) tx.rows("SELECT pg_terminate_backend(pg_backend_pid())");
    });
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(counter(tenant_a, "one"), 1);
}

TEST_F(PostgresTest, GivesUpOnWorkThatBreaksEveryConnection) {
    std::atomic<int> attempts = 0;
    expect_unavailable([&] {
        db()->write(tenant_a, [&](Tx& tx) {
            ++attempts;
            tx.rows("SELECT pg_terminate_backend(pg_backend_pid())");
        });
    });
    EXPECT_LE(attempts, 3);
    EXPECT_TRUE(db()->is_ready());
}

TEST_F(PostgresTest, TellsNoSuccessWhenTheConnectionBreaksDuringTheCommit) {
    add_counter(tenant_a, "one");
    run_for_all(
        "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
    run_for_all(
        "CREATE CONSTRAINT TRIGGER hangs_up AFTER UPDATE ON counters DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION hang_up()");
    std::atomic<int> attempts = 0;
    std::atomic<int> followed = 0;
    expect_unavailable([&] {
        db()->write(tenant_a, [&](Tx& tx) {
            ++attempts;
            increment(tx, "one");
            tx.after_commit([&] { ++followed; });
        });
    });
    // It may have been written for all we know, and so it must not run again.
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(followed, 0);
}

TEST_F(PostgresTest, HealsWhenTheServerEndsAllConnections) {
    add_counter(tenant_a, "one");
    for (int i = 0; i < 40; ++i) db()->write(tenant_a, [](Tx& tx) { increment(tx, "one"); });
    PostgresConnection(address()).execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        {}, every_tenant());
    for (int i = 0; i < 40; ++i) db()->write(tenant_a, [](Tx& tx) { increment(tx, "one"); });
    EXPECT_EQ(counter(tenant_a, "one"), 80);
}

TEST(PostgresAddress, IsRefusedWhenNobodyListensThere) {
    const ManualClock clock(Timestamp::from_seconds(0));
    SeededRandom random(1);
    EXPECT_THROW(open_database("postgresql://127.0.0.1:1/nothing", clock, random), std::runtime_error);
}

}  // namespace
}  // namespace pamoja::postgres
