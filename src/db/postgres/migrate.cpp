#include "db/postgres/migrate.hpp"

#include <set>

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

// The texts of one column. Asked for once: a server that starts should not ask about every table in turn.
std::set<std::string> texts_of(PostgresConnection& connection, const std::string& sql) {
    std::set<std::string> texts;
    for (const Row& row : connection.execute(sql, {}, every_tenant()).rows) {
        texts.insert(std::get<std::string>(row.cells.at(0)));
    }
    return texts;
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
    const auto applied = texts_of(connection, "SELECT name FROM schema_migrations");
    for (const auto& migration : all_migrations()) {
        if (applied.contains(std::string(migration.name))) continue;
        in_transaction(connection, clock, random,
                       [&](Tx& tx) { apply_migration(tx, migration, Engine::postgres); });
    }
    protect_tenant_rows(connection, tenant_tables());
}

void protect_tenant_rows(PostgresConnection& connection, std::span<const std::string> tables) {
    auto protected_tables = texts_of(connection,
                                     "SELECT tablename FROM pg_policies WHERE schemaname = current_schema() "
                                     "AND policyname = 'own_tenant'");
    for (const auto& table : tables) {
        if (!protected_tables.insert(table).second) continue;
        connection.begin(PostgresConnection::Mode::write);
        run(connection, "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
        run(connection, "ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY");
        run(connection, "CREATE POLICY own_tenant ON " + table +
                            " USING (tenant_id = current_setting('pamoja.tenant', true)"
                            " OR current_setting('pamoja.tenant', true) = '*')");
        connection.commit();
    }
}

}  // namespace pamoja::postgres
