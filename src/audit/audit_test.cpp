#include <gtest/gtest.h>

#include <thread>

#include "audit/chain.hpp"
#include "audit/entries.hpp"
#include "db/testing.hpp"

namespace pamoja::audit {
namespace {

const TenantId tenant("acme");
const TenantId other("other");

class Audit : public ::testing::TestWithParam<Engine> {
  protected:
    Audit() : db_(GetParam()) {}

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }

    Entry note(const std::string& subject, json::Object details = {}) {
        return write([&](Tx& tx) {
            return record(tx, {.actor = "ann",
                               .action = "loan.approve",
                               .subject = subject,
                               .details = json::Value(details),
                               .trace_id = "trace",
                               .ip_address = "127.0.0.1"});
        });
    }
    std::vector<std::string> violations() {
        return write([](Tx& tx) { return check(tx); });
    }
    std::int64_t seal_all() {
        return write([](Tx& tx) { return seal(tx); });
    }
    // Changes what cannot be changed, as someone with the database in hand would.
    void tamper(const std::string& sql) {
        db_->write(every_tenant(), [&](Tx& tx) {
            const bool is_sqlite = db_->engine() == Engine::sqlite;
            for (const std::string table : {"audit_entries", "audit_links"}) {
                if (is_sqlite) {
                    tx.run("DROP TRIGGER IF EXISTS " + table + "_refuses_UPDATE");
                    tx.run("DROP TRIGGER IF EXISTS " + table + "_refuses_DELETE");
                } else {
                    tx.run("ALTER TABLE " + table + " DISABLE TRIGGER USER");
                }
            }
        });
        db_->write(every_tenant(), [&](Tx& tx) { tx.run(sql); });
    }

    testing::TestDatabase db_;
};

TEST_P(Audit, ListsWhatWasDoneToASubjectAndByWhom) {
    for (int i = 0; i < 3; ++i) {
        note("loan:1", {{"amount", json::Value(std::int64_t{i})}});
        db_.clock.advance(std::chrono::seconds(1));
    }
    note("loan:2");
    const auto page = write([](Tx& tx) { return entries_about(tx, "loan:1", {1, 2}); });
    EXPECT_EQ(page.total, 3);
    ASSERT_EQ(page.items.size(), 2u);
    EXPECT_EQ(page.items[0].event.details.find("amount")->integer(), 2);
    EXPECT_EQ(page.items[0].event.trace_id, "trace");
    EXPECT_EQ(write([](Tx& tx) { return entries_by(tx, "ann"); }).total, 4);
    EXPECT_EQ(db_->read(other, [](Tx& tx) { return entries_by(tx, "ann"); }).total, 0);
}

TEST_P(Audit, NeverStoresASecret) {
    const json::Value secret("hunter2hunter2");
    note("user:1",
         {{"new_password", secret},
          {"refreshToken", secret},
          {"PIN", secret},
          {"shipping", json::Value("kept")},
          {"nested", json::Value(json::Object{{"otp", secret}})},
          {"list", json::Value(json::Array{json::Value(json::Object{{"client_secret", secret}})})}});
    const auto stored = write([](Tx& tx) {
        return *tx.value<std::string>("SELECT details FROM audit_entries WHERE tenant_id = :tenant");
    });
    EXPECT_EQ(stored.find("hunter2"), std::string::npos);
    EXPECT_NE(stored.find("kept"), std::string::npos);
    EXPECT_THROW(note("x", {{"text", json::Value(std::string(9000, 'x'))}}), std::logic_error);
}

TEST_P(Audit, RefusesEveryChange) {
    note("loan:1");
    seal_all();
    for (const char* sql : {"UPDATE audit_entries SET actor = 'eve' WHERE tenant_id = :tenant",
                            "DELETE FROM audit_entries WHERE tenant_id = :tenant",
                            "UPDATE audit_links SET hash = 'x' WHERE tenant_id = :tenant",
                            "DELETE FROM audit_links WHERE tenant_id = :tenant"}) {
        try {
            write([&](Tx& tx) { tx.run(sql); });
            ADD_FAILURE() << "accepted: " << sql;
        } catch (const ConstraintViolation& violation) {
            EXPECT_EQ(violation.kind, ConstraintViolation::Kind::immutable) << sql;
        }
    }
}

TEST_P(Audit, LeavesNoEntryOfWhatWasRolledBack) {
    EXPECT_THROW(write([](Tx& tx) {
                     record(tx, {.actor = "ann", .action = "x", .subject = "y"});
                     throw Failure(conflict, "No.");
                 }),
                 Failure);
    EXPECT_EQ(seal_all(), 0);
    EXPECT_TRUE(violations().empty());
}

TEST_P(Audit, SealsEachEntryOnceInBatches) {
    EXPECT_EQ(seal_all(), 0);
    for (int i = 0; i < 5; ++i) note("loan:1");
    EXPECT_TRUE(violations().empty());
    EXPECT_EQ(write([](Tx& tx) { return seal(tx, 2); }), 2);
    EXPECT_TRUE(violations().empty());
    EXPECT_EQ(seal_all(), 3);
    EXPECT_EQ(seal_all(), 0);
    const auto head = write([](Tx& tx) { return head_of(tx); });
    EXPECT_EQ(head.number, 5);
    EXPECT_EQ(head.hash.size(), 64u);
    note("loan:1");
    EXPECT_EQ(seal_all(), 1);
    EXPECT_NE(write([](Tx& tx) { return head_of(tx); }).hash, head.hash);
    EXPECT_TRUE(violations().empty());
    EXPECT_EQ(db_->read(other, [](Tx& tx) { return head_of(tx); }).number, 0);
}

TEST_P(Audit, SeesEveryKindOfTampering) {
    for (int i = 0; i < 4; ++i) note("loan:" + std::to_string(i));
    seal_all();
    const std::string column_of_second = "' WHERE tenant_id = 'acme' AND subject = 'loan:1' AND '' = '";
    for (const char* column : {"actor", "action", "details", "trace_id", "ip_address"}) {
        const std::string name(column);
        const auto before = db_->read(tenant, [&](Tx& tx) {
            return *tx.value<std::string>(
                "SELECT " + name + " FROM audit_entries WHERE tenant_id = :tenant AND subject = $1",
                "loan:1");
        });
        tamper("UPDATE audit_entries SET " + name + " = 'eve" + column_of_second + "'");
        EXPECT_EQ(violations().size(), 1u) << name;
        tamper("UPDATE audit_entries SET " + name + " = '" + before + column_of_second + "'");
        EXPECT_TRUE(violations().empty()) << name;
    }
    tamper("DELETE FROM audit_links WHERE tenant_id = 'acme' AND number = 2");
    // A gap, and an entry that is neither sealed nor waiting.
    EXPECT_EQ(violations().size(), 2u);
}

TEST_P(Audit, SeesARewrittenLink) {
    for (int i = 0; i < 3; ++i) note("loan:1");
    seal_all();
    tamper("UPDATE audit_links SET hash = 'abc' WHERE tenant_id = 'acme' AND number = 2");
    // The link itself, and the next one, which was made with the true hash.
    EXPECT_EQ(violations().size(), 2u);
}

TEST_P(Audit, IsSealedOnceByParallelPasses) {
    for (int i = 0; i < 40; ++i) note("loan:1");
    std::vector<std::thread> pool;
    for (int i = 0; i < 4; ++i) {
        pool.emplace_back([&] {
            for (int round = 0; round < 20; ++round) {
                try {
                    write([](Tx& tx) { return seal(tx, 3); });
                    note("loan:2");
                } catch (const Failure& failure) {
                    EXPECT_EQ(failure.reason(), unavailable);
                }
            }
        });
    }
    for (auto& thread : pool) thread.join();
    seal_all();
    EXPECT_TRUE(violations().empty());
    const auto entries = write([](Tx& tx) {
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM audit_entries WHERE tenant_id = :tenant");
    });
    EXPECT_EQ(write([](Tx& tx) { return head_of(tx); }).number, entries);
}

INSTANTIATE_TEST_SUITE_P(Engines, Audit, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

}  // namespace
}  // namespace pamoja::audit
