#include <atomic>
#include <thread>

#include "db/postgres/postgres_test.hpp"

namespace pamoja::postgres {
namespace {

TEST_F(PostgresTest, LosesNoUpdateOfARowThatAllWant) {
    add_counter(tenant_a, "hot");
    constexpr int threads = 64;
    constexpr int rounds = 5;
    std::atomic<int> attempts = 0;
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                db()->write(tenant_a, [&](Tx& tx) {
                    ++attempts;
                    increment(tx, "hot");
                });
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(counter(tenant_a, "hot"), threads * rounds);
    RecordProperty("attempts", attempts);
}

TEST_F(PostgresTest, KeepsAnInvariantOverTwoRowsThatEachWriterOnlyReads) {
    // Each of two writers sees that the sum allows a withdrawal from its own row; only one may be right.
    for (int round = 0; round < 20; ++round) {
        const std::string left = "left" + std::to_string(round);
        const std::string right = "right" + std::to_string(round);
        add_counter(tenant_a, left);
        add_counter(tenant_a, right);
        const auto withdraw = [&](const std::string& from) {
            db()->write(tenant_a, [&](Tx& tx) {
                const auto sum = *tx.value<std::int64_t>(
                    "SELECT SUM(number) FROM counters WHERE tenant_id = :tenant AND id IN ($1, $2)", left,
                    right);
                if (sum >= 0)
                    tx.run("UPDATE counters SET number = -1 WHERE tenant_id = :tenant AND id = $1", from);
            });
        };
        std::thread other([&] { withdraw(left); });
        withdraw(right);
        other.join();
        EXPECT_EQ(counter(tenant_a, left) + counter(tenant_a, right), -1);
    }
}

TEST_F(PostgresTest, LetsTheSecondOfTwoRacingInsertsSeeTheFirst) {
    std::atomic<int> made = 0;
    std::vector<std::thread> pool;
    for (int i = 0; i < 8; ++i) {
        pool.emplace_back([&] {
            const bool is_mine = db()->write(tenant_a, [](Tx& tx) {
                const auto found = tx.value<std::int64_t>(
                    "SELECT number FROM counters WHERE tenant_id = :tenant AND id = $1", "claim");
                if (found) return false;
                tx.run("INSERT INTO counters (tenant_id, id, number) VALUES (:tenant, $1, 1)", "claim");
                return true;
            });
            if (is_mine) ++made;
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(made, 1);
}

TEST_F(PostgresTest, SettlesADeadlock) {
    add_counter(tenant_a, "left");
    add_counter(tenant_a, "right");
    std::vector<std::thread> pool;
    for (int i = 0; i < 8; ++i) {
        pool.emplace_back([&, i] {
            db()->write(tenant_a, [&](Tx& tx) {
                increment(tx, i % 2 == 0 ? "left" : "right");
                increment(tx, i % 2 == 0 ? "right" : "left");
            });
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(counter(tenant_a, "left"), 8);
    EXPECT_EQ(counter(tenant_a, "right"), 8);
}

}  // namespace
}  // namespace pamoja::postgres
