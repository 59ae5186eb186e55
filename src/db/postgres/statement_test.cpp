#include <limits>

#include "db/migrations.hpp"
#include "db/postgres/postgres_test.hpp"

namespace pamoja::postgres {
namespace {

TEST_F(PostgresTest, TakesNullsAndValuesInAnyOrderForOneStatement) {
    add_counter(tenant_a, "one");
    const auto note_after = [&](std::optional<std::string> note, std::optional<std::int64_t> number) {
        return db()->write(tenant_a, [&](Tx& tx) {
            tx.run(
                "UPDATE counters SET note = COALESCE($1, note), number = COALESCE($2, number)"
                " WHERE tenant_id = :tenant AND id = $3",
                note, number, "one");
            return tx.value<std::string>("SELECT note FROM counters WHERE tenant_id = :tenant AND id = $1",
                                         "one");
        });
    };
    // More rounds than there are connections, so that each of them sees the types change.
    for (int round = 0; round < 30; ++round) {
        const std::string text = "note" + std::to_string(round);
        EXPECT_EQ(note_after(text, std::nullopt), text);
        EXPECT_EQ(note_after(std::nullopt, round), text);
        EXPECT_EQ(note_after(std::nullopt, std::nullopt), text);
        EXPECT_EQ(counter(tenant_a, "one"), round);
    }
}

TEST_F(PostgresTest, ReadsBackEveryTypeAsItWas) {
    run_for_all(
        "CREATE TABLE kinds (tenant_id TEXT PRIMARY KEY, flag BOOLEAN, whole BIGINT, part DOUBLE "
        "PRECISION, bytes BYTEA, words TEXT)");
    const Blob blob{std::string("\0\xff'\\x", 5)};
    const std::int64_t whole = std::numeric_limits<std::int64_t>::min();
    const std::string words = "it's ünïcode \\ \"quoted\"";
    const auto row = db()->write(tenant_a, [&](Tx& tx) {
        tx.run(
            "INSERT INTO kinds (tenant_id, flag, whole, part, bytes, words) VALUES (:tenant, $1, $2, $3, "
            "$4, $5)",
            true, whole, 0.1, blob, words);
        return tx
            .rows(
                "SELECT flag, whole, part, bytes, words, NULL FROM kinds WHERE tenant_id = :tenant AND "
                "flag = $1",
                true)
            .rows.at(0);
    });
    const std::vector<Cell> expected{true, whole, 0.1, blob, words, {}};
    EXPECT_EQ(row.cells, expected);
}

TEST_F(PostgresTest, SumsAsWholeNumbersAndRefusesASumBeyondThem) {
    const auto sum = [&](std::int64_t second) {
        return db()->read(tenant_a, [&](Tx& tx) {
            return *tx.value<std::int64_t>(
                "SELECT SUM(x) FROM (VALUES (CAST($1 AS BIGINT)), (CAST($2 AS BIGINT))) AS v (x)",
                std::numeric_limits<std::int64_t>::max(), second);
        });
    };
    EXPECT_EQ(sum(-1), std::numeric_limits<std::int64_t>::max() - 1);
    EXPECT_THROW(sum(1), std::runtime_error);
}

TEST_F(PostgresTest, NamesEachKindOfBrokenRule) {
    using Kind = ConstraintViolation::Kind;
    run_for_all("CREATE TABLE parents (tenant_id TEXT, id BIGINT, PRIMARY KEY (tenant_id, id))");
    run_for_all(
        "CREATE TABLE children (tenant_id TEXT, id BIGINT NOT NULL CHECK (id > 0), parent_id BIGINT, "
        "PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, parent_id) REFERENCES parents (tenant_id, id), "
        "EXCLUDE (tenant_id WITH =, parent_id WITH =))");
    for (const auto& statement : statements_of("{append_only children}\n", Engine::postgres))
        run_for_all(statement);
    run_for_all("INSERT INTO parents VALUES ('a', 1)");
    run_for_all("INSERT INTO children VALUES ('a', 1, 1)");
    const struct {
        const char* sql;
        Kind kind;
    } cases[] = {
        {"INSERT INTO children VALUES (:tenant, 1, NULL)", Kind::unique},
        {"INSERT INTO children VALUES (:tenant, 2, 7)", Kind::foreign_key},
        {"INSERT INTO children VALUES (:tenant, 0, NULL)", Kind::check},
        {"INSERT INTO children VALUES (:tenant, NULL, NULL)", Kind::check},
        {"INSERT INTO children VALUES (:tenant, 2 * 9223372036854775807, NULL)", Kind::check},
        {"INSERT INTO children VALUES (:tenant, 2, 1)", Kind::exclusion},
        {"UPDATE children SET parent_id = NULL WHERE tenant_id = :tenant", Kind::immutable},
        {"DELETE FROM children WHERE tenant_id = :tenant", Kind::immutable},
    };
    for (const auto& [sql, kind] : cases) {
        try {
            db()->write(tenant_a, [&, statement = sql](Tx& tx) { tx.run(statement); });
            FAIL() << sql << " was accepted";
        } catch (const ConstraintViolation& violation) {
            EXPECT_EQ(violation.kind, kind) << sql;
        }
    }
}

TEST_F(PostgresTest, NeverCommitsAfterAFailedStatementThatWorkSwallowed) {
    add_counter(tenant_a, "one");
    EXPECT_THROW(db()->write(tenant_a,
                             [](Tx& tx) {
                                 increment(tx, "one");
                                 try {
                                     tx.run(
                                         "INSERT INTO counters (tenant_id, id, number) VALUES (:tenant, "
                                         "$1, 0)",
                                         "one");
                                 } catch (const ConstraintViolation&) {
                                 }
                             }),
                 std::logic_error);
    EXPECT_EQ(counter(tenant_a, "one"), 0);
}

TEST_F(PostgresTest, RefusesAWriteWithinARead) {
    add_counter(tenant_a, "one");
    expect_unavailable([&] { db()->read(tenant_a, [](Tx& tx) { increment(tx, "one"); }); });
    EXPECT_EQ(counter(tenant_a, "one"), 0);
}

TEST_F(PostgresTest, RefusesTextThatTheServerCannotStore) {
    for (const auto& text : {std::string("a\0b", 3), std::string("\xff")}) {
        try {
            add_counter(tenant_a, text);
            FAIL() << "it was stored";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), malformed_request);
        }
    }
}

}  // namespace
}  // namespace pamoja::postgres
