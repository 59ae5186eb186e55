#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "db/migrations.hpp"
#include "db/testing.hpp"

namespace pamoja {
namespace {

struct Item {
    Id<struct ItemTag> id;
    std::string name;
    Money price;
    std::optional<Timestamp> sold_at;
    std::vector<std::string> tags;

    void describe(Fields& f) {
        f("id", id);
        f("name", name);
        f("price", price);
        f("sold_at", sold_at);
        f("tags", tags);
    }
};

const TenantId tenant_a("a");
const TenantId tenant_b("b");

class DatabaseTest : public ::testing::TestWithParam<Engine> {
  protected:
    DatabaseTest() : db_(GetParam()) {
        db_->write(every_tenant(), [](Tx& tx) {
            tx.run(
                "CREATE TABLE items (tenant_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, price "
                "BIGINT NOT NULL, "
                "currency TEXT NOT NULL, sold_at BIGINT, tags TEXT NOT NULL, PRIMARY KEY (tenant_id, id), "
                "UNIQUE (tenant_id, name))");
        });
    }

    static Item item(Tx& tx, std::string name) {
        return {tx.new_id<Id<struct ItemTag>>(),
                std::move(name),
                Money(1250, Currency("NGN")),
                std::nullopt,
                {"x", "y"}};
    }

    testing::TestDatabase db_;
};

TEST_P(DatabaseTest, ReadsBackWhatItInserted) {
    const auto made = db_->write(tenant_a, [](Tx& tx) {
        auto record = item(tx, "soap");
        record.sold_at = tx.now();
        tx.insert("items", record);
        return record;
    });
    const auto found = db_->read(tenant_a, [&](Tx& tx) {
        return tx.maybe<Item>("FROM items WHERE tenant_id = :tenant AND id = $1", made.id);
    });
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->name, "soap");
    EXPECT_EQ(found->price, made.price);
    EXPECT_EQ(found->sold_at, made.sold_at);
    EXPECT_EQ(found->tags, made.tags);
}

TEST_P(DatabaseTest, KeepsTenantsApart) {
    db_->write(tenant_a, [](Tx& tx) { tx.insert("items", item(tx, "soap")); });
    const auto seen = db_->read(
        tenant_b, [](Tx& tx) { return tx.all<Item>("FROM items WHERE tenant_id = :tenant").size(); });
    EXPECT_EQ(seen, 0u);
}

TEST_P(DatabaseTest, RollsBackWhatThrows) {
    EXPECT_THROW(db_->write(tenant_a,
                            [](Tx& tx) {
                                tx.insert("items", item(tx, "soap"));
                                throw Failure(conflict, "No.");
                            }),
                 Failure);
    EXPECT_EQ(
        db_->read(tenant_a,
                  [](Tx& tx) {
                      return *tx.value<std::int64_t>("SELECT COUNT(*) FROM items WHERE tenant_id = :tenant");
                  }),
        0);
}

TEST_P(DatabaseTest, NamesABrokenConstraint) {
    db_->write(tenant_a, [](Tx& tx) { tx.insert("items", item(tx, "soap")); });
    try {
        db_->write(tenant_a, [](Tx& tx) { tx.insert("items", item(tx, "soap")); });
        FAIL() << "a duplicate was accepted";
    } catch (const ConstraintViolation& violation) {
        EXPECT_EQ(violation.kind, ConstraintViolation::Kind::unique);
    }
    EXPECT_FALSE(db_->write(tenant_a, [](Tx& tx) { return tx.insert_if_absent("items", item(tx, "soap")); }));
}

TEST_P(DatabaseTest, PagesInOrderAndCounts) {
    db_->write(tenant_a, [](Tx& tx) {
        for (const char* name : {"a", "b", "c", "d", "e"}) tx.insert("items", item(tx, name));
    });
    const auto page = db_->read(tenant_a, [](Tx& tx) {
        return tx.page<Item>({2, 2}, "FROM items WHERE tenant_id = :tenant AND name <> $1", "name, id", "a");
    });
    EXPECT_EQ(page.total, 4);
    ASSERT_EQ(page.items.size(), 2u);
    EXPECT_EQ(page.items[0].name, "d");
    EXPECT_EQ(page.pages_total(), 2);
}

TEST_P(DatabaseTest, CountsEachOfManyParallelWrites) {
    db_->write(tenant_a, [](Tx& tx) { tx.insert("items", item(tx, "counter")); });
    constexpr int threads = 8;
    constexpr int rounds = 25;
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                db_->write(tenant_a, [](Tx& tx) {
                    const auto price = *tx.value<std::int64_t>(
                        "SELECT price FROM items WHERE tenant_id = :tenant AND name = $1", "counter");
                    tx.run("UPDATE items SET price = $1 WHERE tenant_id = :tenant AND name = $2", price + 1,
                           "counter");
                });
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(db_->read(tenant_a,
                        [](Tx& tx) {
                            return *tx.value<std::int64_t>(
                                "SELECT price FROM items WHERE tenant_id = :tenant AND name = $1", "counter");
                        }),
              1250 + threads * rounds);
}

TEST_P(DatabaseTest, RunsAfterCommitOnlyWhenItCommitted) {
    std::atomic<int> ran = 0;
    db_->write(tenant_a, [&](Tx& tx) { tx.after_commit([&] { ++ran; }); });
    EXPECT_THROW(db_->write(tenant_a,
                            [&](Tx& tx) {
                                tx.after_commit([&] { ++ran; });
                                throw Failure(conflict, "No.");
                            }),
                 Failure);
    EXPECT_EQ(ran, 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, DatabaseTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

TEST(Migrations, TheBodyOfATriggerIsPartOfItsStatement) {
    const auto statements = statements_of(
        "{only sqlite}\nCREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT RAISE(ABORT, 'no'); END;\n{end}\n"
        "CREATE TABLE b (id TEXT PRIMARY KEY);\n",
        Engine::sqlite);
    ASSERT_EQ(statements.size(), 2U);
    EXPECT_TRUE(statements[0].ends_with("SELECT RAISE(ABORT, 'no'); END"));
    EXPECT_TRUE(statements[1].starts_with("CREATE TABLE b"));
}

TEST(Migrations, TakeTheSectionsOfTheirEngine) {
    constexpr std::string_view text =
        "-- why\nCREATE TABLE a (x {blob}); -- c\n{append_only a}\n{only sqlite}\nCREATE INDEX s ON a "
        "(x);\n{end}\n"
        "{only postgres}\nCREATE INDEX p ON a (x);\n{end}\n";
    const auto sqlite = statements_of(text, Engine::sqlite);
    ASSERT_EQ(sqlite.size(), 4u);
    EXPECT_EQ(sqlite[0], "CREATE TABLE a (x BLOB)");
    EXPECT_NE(sqlite[1].find("RAISE(ABORT"), std::string::npos);
    EXPECT_EQ(sqlite[3], "CREATE INDEX s ON a (x)");
    const auto postgres = statements_of(text, Engine::postgres);
    EXPECT_EQ(postgres[0], "CREATE TABLE a (x BYTEA)");
    EXPECT_EQ(postgres.back(), "CREATE INDEX p ON a (x)");
}

TEST(Migrations, NumberParametersAndTheTenant) {
    EXPECT_EQ(number_parameters("SELECT '$1' FROM t WHERE tenant_id = :tenant AND a = $2 AND b = $1", 2, '?'),
              "SELECT '$1' FROM t WHERE tenant_id = ?3 AND a = ?2 AND b = ?1");
}

}  // namespace
}  // namespace pamoja
