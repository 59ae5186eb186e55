#include <atomic>
#include <thread>

#include "db/postgres/postgres_test.hpp"

namespace pamoja::postgres {
namespace {

TEST_F(PostgresTest, LetsSeveralProcessesMigrateAtOnce) {
    run_for_all("DROP SCHEMA public CASCADE");
    run_for_all("CREATE SCHEMA public");
    std::vector<std::thread> pool;
    std::atomic<int> succeeded = 0;
    for (int i = 0; i < 4; ++i) {
        pool.emplace_back([&] {
            open_database(db().url, db().clock, db().random)->migrate();
            ++succeeded;
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(succeeded, 4);
    EXPECT_TRUE(db()->is_ready());
}

}  // namespace
}  // namespace pamoja::postgres
