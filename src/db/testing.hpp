#pragma once
#include <memory>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "db/database.hpp"

namespace pamoja::testing {

// The engines that this run tests: SQLite always, PostgreSQL when PAMOJA_TEST_PG names a database of a server
// ("postgresql://user@host:port/postgres", "postgresql:///postgres?host=/socket/folder&user=…") where the
// user may create databases.
std::vector<Engine> engines();
const char* name_of(Engine);

// An empty, migrated database of its own that is removed at the end, with a clock that stands still.
struct TestDatabase {
    explicit TestDatabase(Engine, std::uint64_t seed = 1);
    ~TestDatabase();
    Database& operator*() { return *database; }
    Database* operator->() { return database.get(); }

    ManualClock clock{Timestamp::from_seconds(1'764'946'093)};  // 2025-12-05T14:48:13Z
    SeededRandom random;
    std::string url;
    std::unique_ptr<Database> database;

  private:
    std::string folder_;  // of SQLite's file
    std::string name_;    // of the database on PostgreSQL's server
};

}  // namespace pamoja::testing
