#include <gtest/gtest.h>

#include <filesystem>

#include "db/migrations.hpp"
#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

constexpr std::string_view moving_rows = "0030_ledger_keys";
struct TableOfBooks {
    std::string name;
    std::string columns;
};
const TableOfBooks tables[] = {
    {"ledger_transactions",
     "id, reference, memo, effective_at, recorded_at, reverses_id, hold_id, fingerprint"},
    {"ledger_entries", "transaction_id, account_id, amount, currency, effective_at"},
    {"ledger_metadata", "transaction_id, name, value"},
    {"ledger_hold_events", "id, hold_id, kind, amount, currency, transaction_id, reason, happened_at"},
    {"ledger_balances", "account_id, currency, posted, held, floor"},
    {"ledger_unsealed", "subject_id, subject_kind"},
    {"ledger_chain", "sequence, subject_kind, subject_id, previous_hash, hash, sealed_at"}};

// A SQLite file that is brought up to date in two steps.
class KeysMigration : public ::testing::Test {
  protected:
    KeysMigration() {
        std::string name = std::filesystem::temp_directory_path() / "pamoja-keys-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        database_ = open_database("sqlite:" + folder_ + "/books.db", clock_, random_);
        database_->write(every_tenant(), create_migration_table);
    }
    ~KeysMigration() override {
        database_.reset();
        std::filesystem::remove_all(folder_);
    }

    void apply_those(bool (*is_wanted)(std::string_view name)) {
        for (const Migration& migration : all_migrations()) {
            if (!is_wanted(migration.name)) continue;
            database_->write(every_tenant(), [&](Tx& tx) { apply_migration(tx, migration, Engine::sqlite); });
        }
    }

    template <class F>
    auto write(F work) {
        return database_->write(testing::tenant, std::move(work));
    }

    // Every table that moves holds something afterwards.
    void fill_books() {
        write([](Tx& tx) {
            const auto cash = account_of(tx, house("float", AccountKind::asset, testing::kes));
            const auto ann = account_of(tx, customer("user:ann", "wallet", testing::kes));
            const auto paid = post(tx, Transfer{.from = cash,
                                                .to = ann,
                                                .amount = testing::shillings(900),
                                                .reference = "paid in",
                                                .metadata = {{"channel", "till"}}});
            reverse(tx, post(tx, Transfer{cash, ann, testing::shillings(5), "mistake"}).id, "taken back");
            const auto hold = place(tx, {.account = ann, .amount = testing::shillings(70), .reference = "h"});
            release(tx, hold.id, "not needed");
            seal(tx, 3);
        });
    }

    std::vector<std::vector<Cell>> rows_of(const TableOfBooks& table) {
        return write([&](Tx& tx) {
            std::vector<std::vector<Cell>> rows;
            auto found = tx.rows("SELECT " + table.columns + " FROM " + table.name +
                                 " WHERE tenant_id = :tenant ORDER BY 1, 2");
            for (auto& row : found.rows) rows.push_back(std::move(row.cells));
            return rows;
        });
    }

    ManualClock clock_{Timestamp::from_seconds(1'764'946'093)};
    SeededRandom random_{1};
    std::string folder_;
    std::unique_ptr<Database> database_;
};

TEST_F(KeysMigration, KeepsEveryRowOfBooksThatAreInUse) {
    apply_those([](std::string_view name) { return name < moving_rows; });
    fill_books();
    std::vector<std::vector<std::vector<Cell>>> before;
    for (const auto& table : tables) before.push_back(rows_of(table));
    apply_those([](std::string_view name) { return name >= moving_rows; });
    for (std::size_t i = 0; i < std::size(tables); ++i) {
        EXPECT_FALSE(before[i].empty()) << tables[i].name;
        EXPECT_EQ(rows_of(tables[i]), before[i]) << tables[i].name;
    }
    EXPECT_EQ(write([](Tx& tx) { return check(tx); }), std::vector<std::string>());
}

TEST_F(KeysMigration, LeavesTheBooksAsHardToChangeAsBefore) {
    apply_those([](std::string_view name) { return name < moving_rows; });
    fill_books();
    apply_those([](std::string_view name) { return name >= moving_rows; });
    for (const auto* table :
         {"ledger_transactions", "ledger_entries", "ledger_metadata", "ledger_hold_events", "ledger_chain"}) {
        const auto remove = [&](Tx& tx) {
            tx.run(std::string("DELETE FROM ") + table + " WHERE tenant_id = :tenant");
        };
        EXPECT_THROW(write(remove), ConstraintViolation) << table;
    }
    const auto invent = [](Tx& tx) {
        tx.run(
            "INSERT INTO ledger_entries (tenant_id, transaction_id, account_id, amount, currency, "
            "effective_at) SELECT tenant_id, 'nothing', account_id, amount, currency, effective_at "
            "FROM ledger_entries WHERE tenant_id = :tenant LIMIT 1");
    };
    EXPECT_THROW(write(invent), ConstraintViolation);
}

}  // namespace
}  // namespace pamoja::ledger
