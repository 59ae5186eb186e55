#include "ledger/chain.hpp"

#include <algorithm>

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::kes;
using testing::shillings;
using testing::tenant;

class Chain : public testing::Books {
  protected:
    // Books with something of every kind in them, sealed.
    void make_history() {
        ann_ = funded("ann", 1000);
        write([&](Tx& tx) {
            post(tx, Transfer{.from = ann_,
                              .to = fees_,
                              .amount = shillings(10),
                              .reference = "paid",
                              .memo = "Fee",
                              .metadata = {{"loan", "1"}}});
            const auto hold = place(tx, {.account = ann_, .amount = shillings(50), .reference = "held"});
            settle(tx, hold.id, {.reference = "settled", .to = {{fees_, shillings(20)}}, .rest = Rest::keep});
            change_floor(tx, ann_, shillings(-5), "trusted");
        });
        const auto undone = move(ann_, fees_, 3, "undone");
        write([&](Tx& tx) { reverse(tx, undone.id, "undo"); });
        seal_all();
    }

    void allow_changes() {
        is_tampered_with_ = true;
        db_->write(every_tenant(), [&](Tx& tx) {
            for (const std::string table :
                 {"ledger_accounts", "ledger_transactions", "ledger_entries", "ledger_metadata",
                  "ledger_hold_events", "ledger_floor_changes", "ledger_chain"}) {
                if (db_->engine() == Engine::sqlite) {
                    tx.run("DROP TRIGGER " + table + "_refuses_UPDATE");
                    tx.run("DROP TRIGGER " + table + "_refuses_DELETE");
                } else {
                    tx.run("DROP TRIGGER " + table + "_refuses_change ON " + table);
                }
            }
        });
    }

    Account ann_;
};

TEST_P(Chain, SealsEverythingInOrderWithoutGaps) {
    make_history();
    const auto links = read([](Tx& tx) {
        return tx.all<ChainLink>("FROM ledger_chain WHERE tenant_id = :tenant ORDER BY sequence");
    });
    std::map<SubjectKind, int> counts;
    std::int64_t sequence = 0;
    std::string previous(64, '0');
    for (const auto& link : links) {
        EXPECT_EQ(link.sequence, ++sequence);
        EXPECT_EQ(link.previous_hash, previous);
        EXPECT_EQ(link.hash.size(), 64u);
        previous = link.hash;
        ++counts[link.subject_kind];
    }
    EXPECT_EQ(counts[SubjectKind::account], 3);
    EXPECT_EQ(counts[SubjectKind::transaction], 5);
    EXPECT_EQ(counts[SubjectKind::hold_event], 2);
    EXPECT_EQ(counts[SubjectKind::floor_change], 1);
    EXPECT_EQ(read([](Tx& tx) { return chain_head(tx); })->hash, previous);
}

TEST_P(Chain, SealsInPortionsAndEachTenantByItself) {
    funded("ann", 1000);
    const TenantId other("other");
    db_->write(other, [](Tx& tx) { account_of(tx, house("float", AccountKind::asset, kes)); });
    EXPECT_EQ(write([](Tx& tx) { return seal(tx, 2); }), 2);
    EXPECT_EQ(write([](Tx& tx) { return seal(tx, 100); }), 2);
    EXPECT_EQ(write([](Tx& tx) { return seal(tx, 100); }), 0);
    EXPECT_FALSE(db_->read(other, [](Tx& tx) { return chain_head(tx); }).has_value());
    EXPECT_EQ(db_->write(other, [](Tx& tx) { return seal(tx); }), 1);
    EXPECT_EQ(db_->read(other, [](Tx& tx) { return chain_head(tx); })->sequence, 1);
}

TEST_P(Chain, SealsMoreThanOneStatementOrBatchCanTake) {
    const Account ann = wallet("ann");
    write([&](Tx& tx) {
        for (int i = 0; i < 1100; ++i) {
            post(tx, Transfer{.from = cash_,
                              .to = ann,
                              .amount = shillings(1),
                              .reference = "many:" + std::to_string(i)});
        }
    });
    seal_all();
    EXPECT_EQ(posted(cash_), -1100);
    EXPECT_EQ(read([](Tx& tx) { return chain_head(tx); })->sequence, 1103);
    EXPECT_EQ(violations(), std::vector<std::string>());
}

struct Tampering {
    const char* name;
    const char* sql;
    const char* expected;  // how a sentence begins, or a part of it
};

// Each is found by a rule of its own, so that no rule can be lost unnoticed.
constexpr Tampering tamperings[] = {
    {"one leg", "UPDATE ledger_entries SET amount = amount + 1 WHERE tenant_id = :tenant AND amount = 10",
     "The legs of a transaction do not add up"},
    {"sum of a currency",
     "UPDATE ledger_entries SET amount = amount + 1 WHERE tenant_id = :tenant AND amount = 10",
     "All entries of a currency do not add up"},
    {"both legs",
     "UPDATE ledger_entries SET amount = amount * 2 WHERE tenant_id = :tenant AND amount IN (-10, 10)",
     "does not match what it stands for"},
    {"lost legs", "DELETE FROM ledger_entries WHERE tenant_id = :tenant AND amount IN (-10, 10)",
     "A transaction has fewer than two legs"},
    {"time of an entry",
     "UPDATE ledger_entries SET effective_at = effective_at + 1 WHERE tenant_id = :tenant AND amount = 10",
     "effective at another time"},
    {"balance", "UPDATE ledger_balances SET posted = posted + 1 WHERE tenant_id = :tenant",
     "A balance is not the sum"},
    {"held", "UPDATE ledger_balances SET held = held + 1 WHERE tenant_id = :tenant",
     "A held amount is not the sum"},
    {"floor", "UPDATE ledger_balances SET floor = -7 WHERE tenant_id = :tenant", "A floor is not the one"},
    {"no floor", "UPDATE ledger_balances SET floor = NULL WHERE tenant_id = :tenant",
     "A floor is not the one"},
    {"no balance", "DELETE FROM ledger_balances WHERE tenant_id = :tenant",
     "A customer account has no balance"},
    {"snapshot", "UPDATE ledger_snapshots SET posted = posted - 1 WHERE tenant_id = :tenant",
     "A snapshot is not the sum"},
    {"no snapshot", "DELETE FROM ledger_snapshots WHERE tenant_id = :tenant", "A snapshot is not the sum"},
    {"remainder", "UPDATE ledger_holds SET remaining = remaining + 1 WHERE tenant_id = :tenant",
     "What remains of a hold"},
    {"hold closed", "UPDATE ledger_holds SET remaining = 0, status = 'expired' WHERE tenant_id = :tenant",
     "A hold has a status that no event"},
    {"placing", "UPDATE ledger_hold_events SET amount = 49 WHERE tenant_id = :tenant AND kind = 'placed'",
     "A hold was not placed exactly once"},
    {"settlement", "UPDATE ledger_hold_events SET amount = 21 WHERE tenant_id = :tenant AND kind = 'settled'",
     "A settlement did not take"},
    {"no settlement", "DELETE FROM ledger_hold_events WHERE tenant_id = :tenant AND kind = 'settled'",
     "A transaction settled a hold without"},
    {"account of a hold", "UPDATE ledger_holds SET reference = 'x' WHERE tenant_id = :tenant", "(hold_event"},
    {"reversal", "UPDATE ledger_entries SET amount = amount * 2 WHERE tenant_id = :tenant AND amount = 3",
     "A reversal is not the opposite"},
    {"reversal of a reversal",
     "UPDATE ledger_transactions SET reverses_id = (SELECT id FROM ledger_transactions WHERE tenant_id = "
     ":tenant AND reference = 'undo') WHERE tenant_id = :tenant AND reference = 'paid'",
     "A reversal reverses nothing, or another"},
    {"memo", "UPDATE ledger_transactions SET memo = 'x' WHERE tenant_id = :tenant AND reference = 'paid'",
     "does not match what it stands for"},
    {"metadata", "UPDATE ledger_metadata SET value = '2' WHERE tenant_id = :tenant",
     "does not match what it stands for"},
    {"lost metadata", "DELETE FROM ledger_metadata WHERE tenant_id = :tenant",
     "does not match what it stands for"},
    {"owner",
     "UPDATE ledger_accounts SET owner = 'user:eve' WHERE tenant_id = :tenant AND owner = 'user:ann'",
     "(account"},
    {"time", "UPDATE ledger_transactions SET recorded_at = 1 WHERE tenant_id = :tenant", "(transaction"},
    {"reference of a payment",
     "UPDATE ledger_transactions SET reference = 'x' WHERE tenant_id = :tenant AND reference = 'paid'",
     "(transaction"},
    {"fingerprint", "UPDATE ledger_transactions SET fingerprint = 'x' WHERE tenant_id = :tenant",
     "(transaction"},
    {"effective date of an entry", "UPDATE ledger_entries SET effective_at = 1 WHERE tenant_id = :tenant",
     "(transaction"},
    {"expiry", "UPDATE ledger_holds SET expires_at = 9 WHERE tenant_id = :tenant", "(hold_event"},
    {"placing time", "UPDATE ledger_holds SET placed_at = 9 WHERE tenant_id = :tenant", "(hold_event"},
    {"event time", "UPDATE ledger_hold_events SET happened_at = 9 WHERE tenant_id = :tenant", "(hold_event"},
    {"event reason", "UPDATE ledger_hold_events SET reason = 'x' WHERE tenant_id = :tenant", "(hold_event"},
    {"code", "UPDATE ledger_accounts SET code = 'x' WHERE tenant_id = :tenant AND owner = 'user:ann'",
     "(account"},
    {"kind", "UPDATE ledger_accounts SET kind = 'equity' WHERE tenant_id = :tenant", "(account"},
    {"opening floor",
     "UPDATE ledger_accounts SET opening_floor = -1 WHERE tenant_id = :tenant AND owner = 'user:ann'",
     "(account"},
    {"floor that was set", "UPDATE ledger_floor_changes SET floor = -6 WHERE tenant_id = :tenant",
     "(floor_change"},
    {"reason", "UPDATE ledger_floor_changes SET reason = 'x' WHERE tenant_id = :tenant", "(floor_change"},
    {"lost subject", "DELETE FROM ledger_floor_changes WHERE tenant_id = :tenant",
     "stands for something that is gone"},
    {"hash", "UPDATE ledger_chain SET hash = 'x' WHERE tenant_id = :tenant AND sequence = 3",
     "does not name the hash of the one before"},
    {"gap", "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND sequence = 3",
     "does not follow the one before"},
    {"end",
     "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND sequence = (SELECT MAX(sequence) FROM "
     "ledger_chain WHERE tenant_id = :tenant)",
     "but its head is another"},
    {"unsealed transaction",
     "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND subject_kind = 'transaction'",
     "A transaction is neither sealed"},
    {"unsealed event", "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND subject_kind = 'hold_event'",
     "An event of a hold is neither sealed"},
    {"unsealed account", "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND subject_kind = 'account'",
     "An account is neither sealed"},
    {"unsealed floor", "DELETE FROM ledger_chain WHERE tenant_id = :tenant AND subject_kind = 'floor_change'",
     "A change of a floor is neither sealed"},
    {"sealed twice",
     "INSERT INTO ledger_unsealed (tenant_id, subject_id, subject_kind) SELECT tenant_id, id, 'transaction' "
     "FROM ledger_transactions WHERE tenant_id = :tenant",
     "A transaction is neither sealed nor waiting for it, or both"},
};

TEST_P(Chain, CheckFindsEveryKindOfTampering) {
    make_history();
    ASSERT_EQ(violations(), std::vector<std::string>());
    allow_changes();
    for (const auto& tampering : tamperings) {
        std::vector<std::string> found;
        try {
            write([&](Tx& tx) {
                ASSERT_GT(tx.run(tampering.sql), 0) << tampering.name;
                found = check(tx);
                // Ends the transaction, so that the next one finds the books as they were.
                throw Failure(conflict, "Undo.");
            });
        } catch (const Failure&) {
        }
        EXPECT_TRUE(std::ranges::any_of(
            found, [&](const auto& text) { return text.find(tampering.expected) != std::string::npos; }))
            << tampering.name << " was not found, but " << (found.empty() ? "nothing" : found.front());
    }
    EXPECT_EQ(violations(), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Engines, Chain, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
