#include "db/postgres/connection.hpp"
#include "db/postgres/migrate.hpp"
#include "db/postgres/postgres_test.hpp"

namespace pamoja::postgres {
namespace {

TEST_F(PostgresTest, ProtectsEveryTenantTableThatMigrationsCreate) {
    db()->migrate();
    const auto open_tables = db()->read(every_tenant(), [](Tx& tx) {
        return tx.rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND c.relname NOT IN ('counters')"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)");
    });
    EXPECT_TRUE(open_tables.rows.empty()) << std::get<std::string>(open_tables.rows.at(0).cells.at(0));
}

// Row-level security binds roles that are not superusers. The role lives as long as the test's table grants.
class RowSecurityTest : public PostgresTest {
  protected:
    void SetUp() override {
        PostgresTest::SetUp();
        if (db_ == nullptr) return;
        SystemRandom random;
        role_ = "pamoja_role_" + random.hex(6);
        run_for_all("CREATE ROLE " + role_ + " ROLE CURRENT_USER");
        run_for_all("GRANT SELECT, INSERT, UPDATE, DELETE ON counters TO " + role_);
        PostgresConnection connection(address());
        const std::string table = "counters";
        protect_tenant_rows(connection, {&table, 1});
        protect_tenant_rows(connection, {&table, 1});  // again changes nothing
        add_counter(tenant_a, "one");
        add_counter(tenant_b, "one");
    }

    void TearDown() override {
        if (db_ == nullptr) return;
        run_for_all("DROP OWNED BY " + role_);
        run_for_all("DROP ROLE " + role_);
    }

    // What a session of the role sees that set the tenant to `setting`, or never set it.
    std::int64_t rows_seen(const char* setting) {
        PostgresConnection connection(address());
        const auto run = [&](const std::string& sql) { return connection.execute(sql, {}, every_tenant()); };
        run("SET ROLE " + role_);
        if (setting != nullptr) run(std::string("SET pamoja.tenant = '") + setting + "'");
        return std::get<std::int64_t>(run("SELECT COUNT(*) FROM counters").rows.at(0).cells.at(0));
    }

    std::string role_;
};

TEST_F(RowSecurityTest, ShowsOnlyTheRowsOfTheTenantThatIsSet) {
    EXPECT_EQ(rows_seen(nullptr), 0);
    EXPECT_EQ(rows_seen(""), 0);
    EXPECT_EQ(rows_seen("a"), 1);
    EXPECT_EQ(rows_seen("*"), 2);
}

TEST_F(RowSecurityTest, BindsATransactionToItsTenantWhateverItsStatementsSay) {
    const auto seen = db()->read(tenant_a, [&](Tx& tx) {
        tx.run("SET LOCAL ROLE " + role_);
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM counters");
    });
    EXPECT_EQ(seen, 1);
    EXPECT_THROW(db()->write(tenant_a,
                             [&](Tx& tx) {
                                 tx.run("SET LOCAL ROLE " + role_);
                                 tx.run("INSERT INTO counters (tenant_id, id, number) VALUES ('b', $1, 0)",
                                        "two");
                             }),
                 std::runtime_error);
    EXPECT_EQ(db()->write(tenant_a,
                          [&](Tx& tx) {
                              tx.run("SET LOCAL ROLE " + role_);
                              return tx.run("UPDATE counters SET number = 9");
                          }),
              1);
    EXPECT_EQ(counter(tenant_b, "one"), 0);
}

}  // namespace
}  // namespace pamoja::postgres
