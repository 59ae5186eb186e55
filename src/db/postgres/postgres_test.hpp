#pragma once
#include <gtest/gtest.h>

#include <cstdlib>

#include "db/postgres/address.hpp"
#include "db/testing.hpp"

namespace pamoja::postgres {

inline const TenantId tenant_a("a");
inline const TenantId tenant_b("b");

// A database with a table of counters, on PostgreSQL only.
class PostgresTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::getenv("PAMOJA_TEST_PG") == nullptr) GTEST_SKIP() << "PAMOJA_TEST_PG names no server";
        db_ = std::make_unique<testing::TestDatabase>(Engine::postgres);
        run_for_all(
            "CREATE TABLE counters (tenant_id TEXT NOT NULL, id TEXT NOT NULL, number BIGINT NOT NULL, "
            "note TEXT, PRIMARY KEY (tenant_id, id))");
    }

    testing::TestDatabase& db() { return *db_; }
    std::string address() { return parse_address(db_->url).url; }

    void run_for_all(const std::string& sql) {
        db()->write(every_tenant(), [&](Tx& tx) { tx.run(sql); });
    }

    void add_counter(const TenantId& tenant, const std::string& id) {
        db()->write(tenant, [&](Tx& tx) {
            tx.run("INSERT INTO counters (tenant_id, id, number) VALUES (:tenant, $1, 0)", id);
        });
    }

    std::int64_t counter(const TenantId& tenant, const std::string& id) {
        return db()->read(tenant, [&](Tx& tx) {
            return *tx.value<std::int64_t>(
                "SELECT number FROM counters WHERE tenant_id = :tenant AND id = $1", id);
        });
    }

    static void increment(Tx& tx, const std::string& id) {
        const auto number =
            *tx.value<std::int64_t>("SELECT number FROM counters WHERE tenant_id = :tenant AND id = $1", id);
        tx.run("UPDATE counters SET number = $1 WHERE tenant_id = :tenant AND id = $2", number + 1, id);
    }

    template <class F>
    static void expect_unavailable(F work) {
        try {
            work();
            FAIL() << "it succeeded";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), unavailable);
        }
    }

    std::unique_ptr<testing::TestDatabase> db_;
};

}  // namespace pamoja::postgres
