#include "ledger/holds.hpp"

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::shillings;

class Holds : public testing::Books {
  protected:
    Hold hold(const Account& account, std::int64_t minor, const std::string& reference,
              std::optional<Timestamp> expires_at = std::nullopt) {
        return write([&](Tx& tx) {
            return place(tx, {.account = account,
                              .amount = shillings(minor),
                              .reference = reference,
                              .expires_at = expires_at});
        });
    }
    Transaction settle_to(const Account& to, const HoldId& id, std::int64_t minor,
                          const std::string& reference, Rest rest = Rest::release) {
        return write([&](Tx& tx) {
            return settle(tx, id, {.reference = reference, .to = {{to, shillings(minor)}}, .rest = rest});
        });
    }
    std::string code_of_settling(const HoldId& id, std::int64_t minor, const std::string& reference) {
        return code_of([&] { settle_to(cash_, id, minor, reference, Rest::keep); });
    }
    std::string code_of_releasing(const HoldId& id) {
        return code_of([&] { write([&](Tx& tx) { return release(tx, id, "test"); }); });
    }
    Hold now(const HoldId& id) {
        return read([&](Tx& tx) { return hold_of(tx, id); });
    }
    Timestamp in_minutes(int minutes) { return db_.clock.now().plus(std::chrono::minutes(minutes)); }
};

TEST_P(Holds, CountInTheBalanceAndNotInWhatIsAvailable) {
    const Account ann = funded("ann", 100);
    hold(ann, 70, "h");
    EXPECT_EQ(posted(ann), 100);
    EXPECT_EQ(held(ann), 70);
    EXPECT_EQ(available(ann), 30);
    EXPECT_EQ(code_of([&] { move(ann, fees_, 31, "a"); }), insufficient_funds.code);
    EXPECT_EQ(code_of([&] { hold(ann, 31, "h2"); }), insufficient_funds.code);
    move(ann, fees_, 30, "a");
    EXPECT_EQ(available(ann), 0);
    EXPECT_EQ(read([&](Tx& tx) { return active_holds(tx, ann).size(); }), 1u);
}

TEST_P(Holds, AreIdempotentByReference) {
    const Account ann = funded("ann", 100);
    const auto first = hold(ann, 70, "h", in_minutes(5));
    EXPECT_EQ(hold(ann, 70, "h", first.expires_at).id, first.id);
    EXPECT_EQ(held(ann), 70);
    EXPECT_EQ(code_of([&] { hold(ann, 71, "h", first.expires_at); }), reference_conflict.code);
    EXPECT_EQ(code_of([&] { hold(ann, 70, "h"); }), reference_conflict.code);
    EXPECT_EQ(code_of([&] { hold(funded("bob", 100), 70, "h", first.expires_at); }), reference_conflict.code);
}

TEST_P(Holds, RefuseWhatMakesNoSense) {
    const Account ann = funded("ann", 100);
    EXPECT_EQ(code_of([&] { hold(ann, 0, "h"); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { hold(ann, -5, "h"); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { hold(cash_, 5, "h"); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { hold(ann, 5, ""); }), invalid_posting.code);
    EXPECT_EQ(code_of([&] { hold(ann, 5, "h", db_.clock.now()); }), invalid_posting.code);
    EXPECT_EQ(code_of_settling(HoldId("none"), 5, "s"), not_found.code);
}

TEST_P(Holds, SettleInWhole) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 70, "h");
    const auto settled = settle_to(cash_, placed.id, 70, "s");
    EXPECT_EQ(settled.hold_id, placed.id);
    EXPECT_EQ(posted(ann), 30);
    EXPECT_EQ(held(ann), 0);
    EXPECT_EQ(now(placed.id).status, HoldStatus::settled);
}

TEST_P(Holds, SettleToSeveralAccounts) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 70, "h");
    write([&](Tx& tx) {
        return settle(tx, placed.id,
                      {.reference = "s", .to = {{cash_, shillings(65)}, {fees_, shillings(5)}}});
    });
    EXPECT_EQ(posted(ann), 30);
    EXPECT_EQ(posted(fees_), 5);
}

TEST_P(Holds, SettleInPartAndReleaseTheRest) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 70, "h");
    settle_to(cash_, placed.id, 20, "s");
    EXPECT_EQ(posted(ann), 80);
    EXPECT_EQ(available(ann), 80);
    EXPECT_EQ(code_of_settling(placed.id, 1, "s2"), hold_closed.code);
}

TEST_P(Holds, SettleInPartAndKeepTheRest) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 70, "h");
    settle_to(cash_, placed.id, 20, "s1", Rest::keep);
    EXPECT_EQ(held(ann), 50);
    EXPECT_EQ(now(placed.id).remaining, shillings(50));
    EXPECT_EQ(code_of_settling(placed.id, 51, "s2"), hold_exceeded.code);
    settle_to(cash_, placed.id, 50, "s3", Rest::keep);
    EXPECT_EQ(now(placed.id).status, HoldStatus::settled);
    EXPECT_EQ(posted(ann), 30);
    EXPECT_EQ(held(ann), 0);
}

TEST_P(Holds, RefuseToSettleMoreThanIsHeld) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 70, "h");
    EXPECT_EQ(code_of_settling(placed.id, 71, "s"), hold_exceeded.code);
    EXPECT_EQ(code_of_settling(placed.id, std::numeric_limits<std::int64_t>::max(), "s"), hold_exceeded.code);
    EXPECT_EQ(code_of_settling(placed.id, 0, "s"), invalid_posting.code);
    EXPECT_EQ(code_of_settling(placed.id, -70, "s"), invalid_posting.code);
    EXPECT_EQ(posted(ann), 100);
    EXPECT_EQ(held(ann), 70);
}

TEST_P(Holds, RefuseASecondSettlementButRepeatTheFirst) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 50, "h");
    const auto first = settle_to(cash_, placed.id, 50, "s");
    EXPECT_EQ(settle_to(cash_, placed.id, 50, "s").id, first.id);
    EXPECT_EQ(code_of_settling(placed.id, 50, "s2"), hold_closed.code);
    EXPECT_EQ(code_of([&] { settle_to(fees_, placed.id, 50, "s"); }), reference_conflict.code);
    EXPECT_EQ(posted(ann), 50);
}

TEST_P(Holds, RefuseToSettleAfterARelease) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 50, "h");
    EXPECT_EQ(code_of_releasing(placed.id), "");
    EXPECT_EQ(available(ann), 100);
    EXPECT_EQ(code_of_settling(placed.id, 50, "s"), hold_closed.code);
    EXPECT_EQ(code_of_releasing(placed.id), hold_closed.code);
    EXPECT_EQ(available(ann), 100);
}

TEST_P(Holds, ExpireInTime) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 50, "h", in_minutes(5));
    const auto later = hold(ann, 10, "h2", in_minutes(6));
    const auto lasting = hold(ann, 5, "h3");
    db_.clock.advance(std::chrono::minutes(5));
    // Its time has come even though nobody has swept it up yet.
    EXPECT_EQ(code_of_settling(placed.id, 50, "s"), hold_expired.code);
    EXPECT_EQ(write([](Tx& tx) { return expire_due(tx); }), 1);
    EXPECT_EQ(write([](Tx& tx) { return expire_due(tx); }), 0);
    EXPECT_EQ(now(placed.id).status, HoldStatus::expired);
    EXPECT_EQ(available(ann), 85);
    EXPECT_EQ(code_of_settling(placed.id, 50, "s"), hold_expired.code);
    EXPECT_EQ(code_of_releasing(placed.id), hold_expired.code);
    settle_to(cash_, later.id, 10, "s2");
    settle_to(cash_, lasting.id, 5, "s3");
    EXPECT_EQ(posted(ann), 85);
}

TEST_P(Holds, ExpireInPortions) {
    const Account ann = funded("ann", 100);
    for (int i = 0; i < 5; ++i) hold(ann, 10, "h" + std::to_string(i), in_minutes(1 + i));
    db_.clock.advance(std::chrono::hours(1));
    EXPECT_EQ(write([](Tx& tx) { return expire_due(tx, 2); }), 2);
    EXPECT_EQ(held(ann), 30);
    EXPECT_EQ(write([](Tx& tx) { return expire_due(tx, 5); }), 3);
    EXPECT_EQ(held(ann), 0);
}

TEST_P(Holds, KeepWhatASettlementPaidWhenTheRestExpires) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 50, "h", in_minutes(5));
    settle_to(cash_, placed.id, 20, "s", Rest::keep);
    db_.clock.advance(std::chrono::minutes(10));
    EXPECT_EQ(write([](Tx& tx) { return expire_due(tx); }), 1);
    EXPECT_EQ(posted(ann), 80);
    EXPECT_EQ(available(ann), 80);
    EXPECT_EQ(now(placed.id).amount, shillings(50));
}

TEST_P(Holds, ReverseASettlementWithoutHoldingAgain) {
    const Account ann = funded("ann", 100);
    const auto placed = hold(ann, 50, "h");
    const auto settled = settle_to(cash_, placed.id, 50, "s");
    write([&](Tx& tx) { return reverse(tx, settled.id, "undo"); });
    EXPECT_EQ(available(ann), 100);
    EXPECT_EQ(now(placed.id).status, HoldStatus::settled);
}

INSTANTIATE_TEST_SUITE_P(Engines, Holds, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
