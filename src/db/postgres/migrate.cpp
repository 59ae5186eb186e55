#include "db/postgres/migrate.hpp"

#include "db/migrations.hpp"

namespace pamoja::postgres {
namespace {

// Any number that no other program locks in our database.
constexpr std::int64_t migration_lock = 7'260'217'340'112;

void run(PostgresConnection& connection, const std::string& sql) {
    connection.execute(sql, {}, every_tenant());
}

template <class F>
void in_transaction(PostgresConnection& connection, const Clock& clock, Random& random, F work) {
    connection.begin(PostgresConnection::Mode::write);
    Tx tx(connection, every_tenant(), clock.now(), random);
    work(tx);
    connection.commit();
}

bool is_protected(PostgresConnection& connection, const std::string& table) {
    const Cell name = table;
    return !connection
                .execute(
                    "SELECT 1 FROM pg_policies WHERE schemaname = current_schema() AND tablename = $1"
                    " AND policyname = 'own_tenant'",
                    {&name, 1}, every_tenant())
                .rows.empty();
}

}  // namespace

void migrate(const std::string& url, const Clock& clock, Random& random) {
    PostgresConnection connection(url);
    // Rewriting a large table takes its time, and so does waiting for another process that does it.
    run(connection, "SET statement_timeout = 0");
    run(connection, "SET lock_timeout = 0");
    // Held until the connection ends. Each migration's snapshot is taken after the lock.
    const Cell lock = migration_lock;
    connection.execute("SELECT pg_advisory_lock($1)", {&lock, 1}, every_tenant());

    in_transaction(connection, clock, random, create_migration_table);
    for (const auto& migration : all_migrations()) {
        in_transaction(connection, clock, random,
                       [&](Tx& tx) { apply_migration(tx, migration, Engine::postgres); });
    }
    protect_tenant_rows(connection, tenant_tables());
}

void protect_tenant_rows(PostgresConnection& connection, std::span<const std::string> tables) {
    for (const auto& table : tables) {
        connection.begin(PostgresConnection::Mode::write);
        if (!is_protected(connection, table)) {
            run(connection, "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
            run(connection, "ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY");
            run(connection, "CREATE POLICY own_tenant ON " + table +
                                " USING (tenant_id = current_setting('pamoja.tenant', true)"
                                " OR current_setting('pamoja.tenant', true) = '*')");
        }
        connection.commit();
    }
}

}  // namespace pamoja::postgres
