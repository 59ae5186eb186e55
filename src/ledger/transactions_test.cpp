#include "ledger/transactions.hpp"

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::kes;
using testing::ngn;
using testing::shillings;

class Post : public testing::Books {};
class Reverse : public testing::Books {};
class Accounts : public testing::Books {};

TEST_P(Post, MovesMoneyFromOneAccountToAnother) {
    const Account ann = funded("ann", 1000'00);
    const Account bob = wallet("bob");
    move(ann, bob, 250'50, "a");
    EXPECT_EQ(posted(ann), 749'50);
    EXPECT_EQ(posted(bob), 250'50);
    EXPECT_EQ(posted(cash_), -1000'00);
    EXPECT_EQ(cash_.in_normal_side(shillings(posted(cash_))), shillings(1000'00));
    EXPECT_EQ(ann.in_normal_side(shillings(posted(ann))), shillings(749'50));
}

TEST_P(Post, ReadsBackWhatItRecorded) {
    const Account ann = funded("ann", 1000);
    const auto made = write([&](Tx& tx) {
        return post(tx, Transfer{.from = ann,
                                 .to = fees_,
                                 .amount = shillings(30),
                                 .reference = "fee:1",
                                 .memo = "Withdrawal fee",
                                 .metadata = {{"loan", "7"}, {"channel", "ussd"}},
                                 .effective_at = Timestamp::from_micros(1'700'000'000'123'456)});
    });
    const auto found = read([&](Tx& tx) { return transaction_of(tx, made.id); });
    EXPECT_EQ(found.reference, "fee:1");
    EXPECT_EQ(found.memo, "Withdrawal fee");
    EXPECT_EQ(found.metadata, (Metadata{{"loan", "7"}, {"channel", "ussd"}}));
    EXPECT_EQ(found.effective_at.micros(), 1'700'000'000'123'456);
    EXPECT_EQ(found.recorded_at, db_.clock.now());
    ASSERT_EQ(found.entries.size(), 2u);
    EXPECT_EQ(found.entries[0].account_id, ann.id);
    EXPECT_EQ(found.entries[0].amount, shillings(-30));
    EXPECT_EQ(found.entries[1].account_id, fees_.id);
    EXPECT_EQ(code_of([&] { read([](Tx& tx) { return transaction_of(tx, TransactionId("none")); }); }),
              not_found.code);
}

TEST_P(Post, ReturnsTheSameTransactionForTheSameReferenceAndContent) {
    const Account ann = funded("ann", 100);
    const auto first = move(ann, fees_, 60, "once");
    db_.clock.advance(std::chrono::hours(1));
    // The balance would not allow it twice: a repetition must not get as far as that.
    EXPECT_EQ(move(ann, fees_, 60, "once").id, first.id);
    EXPECT_EQ(posted(ann), 40);
}

TEST_P(Post, RefusesAReferenceWithOtherContent) {
    const Account ann = funded("ann", 100);
    const Account bob = wallet("bob");
    const auto transfer = Transfer{.from = ann, .to = bob, .amount = shillings(10), .reference = "once"};
    const auto posting = [&](const Transfer& changed) {
        return code_of([&] { write([&](Tx& tx) { return post(tx, changed); }); });
    };
    ASSERT_EQ(posting(transfer), "");
    std::vector<Transfer> others(6, transfer);
    others[0].amount = shillings(11);
    others[1].to = fees_;
    others[2].memo = "another";
    others[3].metadata = {{"a", "b"}};
    others[4].effective_at = Timestamp::from_micros(5);
    std::swap(others[5].from, others[5].to);
    for (const Transfer& other : others) EXPECT_EQ(posting(other), reference_conflict.code);
    EXPECT_EQ(posted(bob), 10);
}

TEST_P(Post, RefusesToGoBelowTheFloorAndLeavesNothingBehind) {
    const Account ann = funded("ann", 100);
    const Account bob = wallet("bob");
    EXPECT_EQ(code_of([&] { move(ann, bob, 101, "a"); }), insufficient_funds.code);
    EXPECT_EQ(posted(ann), 100);
    EXPECT_EQ(posted(bob), 0);
    EXPECT_FALSE(read([](Tx& tx) { return find_transaction(tx, "a"); }).has_value());
    move(ann, bob, 100, "a");
    EXPECT_EQ(posted(ann), 0);
}

TEST_P(Post, TakesManyLegsInSeveralCurrencies) {
    const Account ann = funded("ann", 1000'00);
    const Account naira = wallet("ann", ngn);
    const Account pool_kes = open(house("liquidity", AccountKind::equity, kes));
    const Account pool_ngn = open(house("liquidity", AccountKind::equity, ngn));
    write([&](Tx& tx) {
        return post(tx, Posting{.reference = "fx:1",
                                .legs = {{ann, shillings(-500'00)},
                                         {pool_kes, shillings(490'00)},
                                         {fees_, shillings(10'00)},
                                         {pool_ngn, Money(-5500'00, ngn)},
                                         {naira, Money(5500'00, ngn)}}});
    });
    EXPECT_EQ(posted(ann), 500'00);
    EXPECT_EQ(posted(naira), 5500'00);
    EXPECT_EQ(posted(pool_ngn), -5500'00);
    EXPECT_EQ(posted(fees_), 10'00);
}

TEST_P(Post, RefusesLegsThatDoNotMakeSense) {
    const Account ann = funded("ann", 1000);
    const Account naira = wallet("ann", ngn);
    const std::vector<std::vector<Leg>> wrong{
        {},
        {{ann, shillings(0)}, {fees_, shillings(0)}},
        {{ann, shillings(-10)}},
        {{ann, shillings(-10)}, {fees_, shillings(9)}},
        {{ann, shillings(-10)}, {naira, Money(10, ngn)}},
        {{ann, shillings(-10)}, {naira, shillings(10)}},
        {{ann, shillings(-10)}, {ann, shillings(10)}},
        {{cash_, shillings(-leg_max_minor - 1)}, {fees_, shillings(leg_max_minor + 1)}},
        {{cash_, shillings(std::numeric_limits<std::int64_t>::min())}, {fees_, shillings(1)}},
    };
    for (const auto& legs : wrong) {
        const Posting posting{.reference = "wrong", .legs = legs};
        EXPECT_EQ(code_of([&] { write([&](Tx& tx) { return post(tx, posting); }); }), invalid_posting.code);
    }
    EXPECT_EQ(code_of([&] { move(ann, fees_, 1, ""); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { move(ann, fees_, 1, std::string(201, 'x')); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { move(ann, fees_, -1, "negative"); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { move(ann, fees_, 0, "zero"); }), invalid_posting.code);
}

TEST_P(Post, KeepsTenantsApart) {
    const Account ann = funded("ann", 1000);
    const Account fees = fees_;
    const auto elsewhere = [&] {
        db_->write(TenantId("other"), [&](Tx& tx) {
            post(tx, Transfer{.from = ann, .to = fees, .amount = shillings(1), .reference = "theft"});
        });
    };
    EXPECT_THROW(elsewhere(), std::exception);
    EXPECT_EQ(posted(ann), 1000);
}

TEST_P(Post, RecordsCannotBeChangedOrDeleted) {
    const Account ann = funded("ann", 1000);
    for (const char* table : {"ledger_accounts", "ledger_transactions", "ledger_entries", "ledger_metadata",
                              "ledger_hold_events", "ledger_floor_changes", "ledger_chain"}) {
        write([&](Tx& tx) {
            const auto paid = post(tx, Transfer{.from = ann,
                                                .to = fees_,
                                                .amount = shillings(1),
                                                .reference = std::string("change:") + table,
                                                .metadata = {{"a", "b"}}});
            place(tx, {.account = ann, .amount = shillings(1), .reference = table});
            change_floor(tx, ann, Money::zero(kes), "as before");
            seal(tx);
        });
        for (const char* change : {"UPDATE ", "DELETE FROM "}) {
            const std::string rest = *change == 'U' ? " SET tenant_id = tenant_id" : "";
            const auto tamper = [&] {
                write([&](Tx& tx) { tx.run(change + (table + rest) + " WHERE tenant_id = :tenant"); });
            };
            try {
                tamper();
                ADD_FAILURE() << table << " took " << change;
            } catch (const ConstraintViolation& violation) {
                EXPECT_EQ(violation.kind, ConstraintViolation::Kind::immutable) << table;
            }
        }
    }
}

TEST_P(Post, FindsTransactionsByAccountTimeAndMetadata) {
    const Account ann = funded("ann", 1000);
    const auto day = [](int number) { return Timestamp::from_seconds(1'700'000'000 + number * 86'400LL); };
    for (int i = 1; i <= 6; ++i) {
        write([&](Tx& tx) {
            return post(tx, Transfer{.from = i % 3 == 0 ? cash_ : ann,
                                     .to = fees_,
                                     .amount = shillings(i),
                                     .reference = "t" + std::to_string(i),
                                     .metadata = {{"loan", i % 2 == 0 ? "even" : "odd"}},
                                     .effective_at = day(i)});
        });
    }
    const auto references = [&](const TransactionFilter& filter) {
        const auto page = read([&](Tx& tx) { return transactions(tx, filter, {1, 10}); });
        std::string text;
        for (const auto& transaction : page.items) text += transaction.reference + " ";
        EXPECT_EQ(page.total, static_cast<std::int64_t>(page.items.size()));
        return text;
    };
    EXPECT_EQ(references({.until = day(6)}), "t6 t5 t4 t3 t2 t1 ");
    EXPECT_EQ(references({.account = ann.id, .until = day(5)}), "t5 t4 t2 t1 ");
    EXPECT_EQ(references({.from = day(2), .until = day(4)}), "t4 t3 t2 ");
    EXPECT_EQ(references({.metadata = std::pair("loan", "odd")}), "t5 t3 t1 ");
    EXPECT_EQ(references({.account = ann.id, .until = day(4), .metadata = std::pair("loan", "even")}),
              "t4 t2 ");
    EXPECT_EQ(references({.metadata = std::pair("loan", "neither")}), "");
}

TEST_P(Reverse, GivesTheMoneyBackAndNamesTheOriginal) {
    const Account ann = funded("ann", 1000);
    const auto paid = move(ann, fees_, 400, "a");
    const auto reversal = write([&](Tx& tx) { return reverse(tx, paid.id, "undo:a"); });
    EXPECT_EQ(reversal.reverses_id, paid.id);
    EXPECT_EQ(posted(ann), 1000);
    EXPECT_EQ(posted(fees_), 0);
    EXPECT_EQ(write([&](Tx& tx) { return reverse(tx, paid.id, "undo:a"); }).id, reversal.id);
}

TEST_P(Reverse, HappensOnce) {
    const Account ann = funded("ann", 1000);
    const auto paid = move(ann, fees_, 400, "a");
    const auto reversal = write([&](Tx& tx) { return reverse(tx, paid.id, "undo:a"); });
    EXPECT_EQ(code_of([&] { write([&](Tx& tx) { return reverse(tx, paid.id, "again:a"); }); }),
              already_reversed.code);
    EXPECT_EQ(code_of([&] { write([&](Tx& tx) { return reverse(tx, reversal.id, "back"); }); }),
              not_reversible.code);
    EXPECT_EQ(posted(ann), 1000);
}

TEST_P(Reverse, RefusesAReferenceThatIsTakenAndMoneyThatIsSpent) {
    const Account ann = wallet("ann");
    const auto paid_in = move(cash_, ann, 500, "in");
    const auto spent = move(ann, fees_, 100, "out");
    EXPECT_EQ(code_of([&] { write([&](Tx& tx) { return reverse(tx, paid_in.id, "out"); }); }),
              reference_conflict.code);
    EXPECT_EQ(code_of([&] { write([&](Tx& tx) { return reverse(tx, paid_in.id, "undo"); }); }),
              insufficient_funds.code);
    write([&](Tx& tx) { return reverse(tx, spent.id, "undo:out"); });
    write([&](Tx& tx) { return reverse(tx, paid_in.id, "undo"); });
    EXPECT_EQ(posted(ann), 0);
}

TEST_P(Accounts, AreOpenedOnceAndStayWhatTheyAre) {
    const Account ann = wallet("ann");
    EXPECT_EQ(wallet("ann").id, ann.id);
    EXPECT_EQ(ann.code, "user:ann:wallet:KES");
    EXPECT_EQ(cash_.code, "house:mpesa_float:KES");
    AccountSpec other = customer("user:ann", "wallet", kes);
    other.kind = AccountKind::asset;
    EXPECT_THROW(open(other), std::logic_error);
    AccountSpec contradictory = house("odd", AccountKind::asset, kes);
    contradictory.floor = shillings(0);
    EXPECT_THROW(open(contradictory), std::logic_error);
    EXPECT_FALSE(read([](Tx& tx) { return find_account(tx, "user:nobody:wallet:KES"); }).has_value());
    const auto owned = read([](Tx& tx) { return accounts_owned_by(tx, "user:ann"); });
    ASSERT_EQ(owned.size(), 1u);
    EXPECT_EQ(owned[0].id, ann.id);
}

TEST_P(Accounts, MoveTheirFloorOnlyWhereTheBalanceAllows) {
    const Account ann = funded("ann", 100);
    write([&](Tx& tx) { return change_floor(tx, ann, shillings(-50), "overdraft granted"); });
    move(ann, fees_, 150, "deep");
    EXPECT_EQ(code_of([&] { move(ann, fees_, 1, "deeper"); }), insufficient_funds.code);
    const auto raise = [&] {
        write([&](Tx& tx) { return change_floor(tx, ann, shillings(0), "overdraft withdrawn"); });
    };
    EXPECT_EQ(code_of(raise), insufficient_funds.code);
    move(cash_, ann, 50, "paid back");
    raise();
    EXPECT_EQ(code_of([&] { move(ann, fees_, 1, "deeper"); }), insufficient_funds.code);
    write([&](Tx& tx) { return change_floor(tx, ann, std::nullopt, "trusted"); });
    EXPECT_EQ(write([&](Tx& tx) { return change_floor(tx, ann, std::nullopt, "still"); }).number, 4);
    move(ann, fees_, leg_max_minor, "deepest");
    EXPECT_EQ(posted(ann), -leg_max_minor);
}

INSTANTIATE_TEST_SUITE_P(Engines, Post, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, Reverse, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, Accounts, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
