#include <algorithm>
#include <atomic>

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::codes_of_threads;
using testing::shillings;

class Races : public testing::Books {
  protected:
    static std::int64_t count(const std::vector<std::string>& codes, std::string_view code) {
        return std::ranges::count(codes, code);
    }
    HoldId hold(const Account& account, std::int64_t minor,
                std::optional<Timestamp> expires_at = std::nullopt) {
        return write([&](Tx& tx) {
            return place(tx, {.account = account,
                              .amount = shillings(minor),
                              .reference = "held",
                              .expires_at = expires_at})
                .id;
        });
    }
    void settle_as(const HoldId& id, int number) {
        write([&](Tx& tx) {
            settle(tx, id,
                   {.reference = "settled:" + std::to_string(number), .to = {{cash_, shillings(100)}}});
        });
    }
};

TEST_P(Races, SixtyFourDrainAnAccountAndExactlyWhatFitsGoesThrough) {
    const Account ann = funded("ann", 1000);
    const auto codes =
        codes_of_threads(64, [&](int i) { move(ann, fees_, 30, "drain:" + std::to_string(i)); });
    EXPECT_EQ(count(codes, ""), 33);
    EXPECT_EQ(count(codes, insufficient_funds.code), 31);
    EXPECT_EQ(posted(ann), 10);
    EXPECT_EQ(posted(fees_), 990);
}

TEST_P(Races, HoldsAndPaymentsTogetherTakeNoMoreThanThereIs) {
    const Account ann = funded("ann", 1000);
    const auto codes = codes_of_threads(32, [&](int i) {
        const auto reference = "r" + std::to_string(i);
        if (i % 2 == 0) {
            move(ann, fees_, 100, reference);
        } else {
            write([&](Tx& tx) {
                place(tx, {.account = ann, .amount = shillings(100), .reference = reference});
            });
        }
    });
    EXPECT_EQ(count(codes, ""), 10);
    EXPECT_EQ(count(codes, insufficient_funds.code), 22);
    EXPECT_EQ(available(ann), 0);
}

TEST_P(Races, ADoubleSettlementHappensOnce) {
    const Account ann = funded("ann", 100);
    const auto id = hold(ann, 100);
    const auto codes = codes_of_threads(16, [&](int i) { settle_as(id, i); });
    EXPECT_EQ(count(codes, ""), 1);
    EXPECT_EQ(count(codes, hold_closed.code), 15);
    EXPECT_EQ(posted(ann), 0);
    EXPECT_EQ(held(ann), 0);
}

TEST_P(Races, ASettlementAndAReleaseExcludeEachOther) {
    const Account ann = funded("ann", 100);
    const auto id = hold(ann, 100);
    const auto codes = codes_of_threads(16, [&](int i) {
        if (i % 2 == 0) {
            settle_as(id, i);
        } else {
            write([&](Tx& tx) { release(tx, id, "cancelled"); });
        }
    });
    EXPECT_EQ(count(codes, ""), 1);
    const bool is_settled = read([&](Tx& tx) { return hold_of(tx, id); }).status == HoldStatus::settled;
    EXPECT_EQ(posted(ann), is_settled ? 0 : 100);
    EXPECT_EQ(held(ann), 0);
}

TEST_P(Races, ASettlementAndTheExpiryExcludeEachOther) {
    const Account ann = funded("ann", 100);
    const auto expires_at = db_.clock.now().plus(std::chrono::seconds(5));
    const auto id = hold(ann, 100, expires_at);
    std::atomic<std::int64_t> expired = 0;
    const auto codes = codes_of_threads(16, [&](int i) {
        if (i == 7) db_.clock.advance(std::chrono::seconds(5));
        if (i % 2 == 0) {
            settle_as(id, i);
        } else {
            expired += write([](Tx& tx) { return expire_due(tx); });
        }
    });
    std::int64_t settled = 0;
    for (std::size_t i = 0; i < codes.size(); i += 2) settled += codes[i].empty() ? 1 : 0;
    write([](Tx& tx) { expire_due(tx); });
    EXPECT_LE(settled, 1);
    EXPECT_LE(expired, 1 - settled);
    EXPECT_EQ(posted(ann), settled == 1 ? 0 : 100);
    EXPECT_EQ(held(ann), 0);
}

TEST_P(Races, ADoubleReversalHappensOnce) {
    const Account ann = funded("ann", 100);
    const auto paid = move(ann, fees_, 60, "paid");
    const auto codes = codes_of_threads(
        16, [&](int i) { write([&](Tx& tx) { reverse(tx, paid.id, "undo:" + std::to_string(i)); }); });
    EXPECT_EQ(count(codes, ""), 1);
    EXPECT_EQ(count(codes, already_reversed.code), 15);
    EXPECT_EQ(posted(ann), 100);
}

TEST_P(Races, OneReferencePostsOnceAndEverybodyGetsTheSameTransaction) {
    const Account ann = funded("ann", 100);
    std::vector<TransactionId> ids(16);
    const auto codes = codes_of_threads(
        16, [&](int i) { ids[static_cast<std::size_t>(i)] = move(ann, fees_, 60, "receipt:NLJ7RT61SV").id; });
    EXPECT_EQ(count(codes, ""), 16);
    EXPECT_EQ(std::ranges::count(ids, ids.front()), 16);
    EXPECT_EQ(posted(ann), 40);
}

TEST_P(Races, OneAccountIsOpenedOnceByManyAtTheSameTime) {
    std::vector<AccountId> ids(16);
    const auto codes =
        codes_of_threads(16, [&](int i) { ids[static_cast<std::size_t>(i)] = wallet("new").id; });
    EXPECT_EQ(count(codes, ""), 16);
    EXPECT_EQ(std::ranges::count(ids, ids.front()), 16);
}

TEST_P(Races, ManyPostToOneHotAccountWhileItIsSealed) {
    constexpr int payers = 8;
    constexpr int rounds = 20;
    std::vector<Account> wallets;
    for (int i = 0; i < payers; ++i) wallets.push_back(funded("payer" + std::to_string(i), 1000));
    const auto codes = codes_of_threads(payers + 2, [&](int i) {
        if (i >= payers) {
            for (int round = 0; round < rounds; ++round) write([](Tx& tx) { seal(tx, 7); });
            return;
        }
        for (int round = 0; round < rounds; ++round) {
            move(wallets[static_cast<std::size_t>(i)], fees_, 5,
                 "hot:" + std::to_string(i) + ":" + std::to_string(round));
        }
    });
    EXPECT_EQ(count(codes, ""), payers + 2);
    EXPECT_EQ(posted(fees_), payers * rounds * 5);
}

TEST_P(Races, MoneyGoesRoundInACircleWithoutDeadlock) {
    std::vector<Account> wallets;
    for (int i = 0; i < 4; ++i) wallets.push_back(funded("ring" + std::to_string(i), 1000));
    const auto codes = codes_of_threads(8, [&](int i) {
        for (int round = 0; round < 10; ++round) {
            const auto from = static_cast<std::size_t>((i + round) % 4);
            move(wallets[from], wallets[(from + 1) % 4], 1,
                 "ring:" + std::to_string(i) + ":" + std::to_string(round));
        }
    });
    EXPECT_EQ(count(codes, ""), 8);
    std::int64_t sum = 0;
    for (const Account& account : wallets) sum += posted(account);
    EXPECT_EQ(sum, 4000);
}

INSTANTIATE_TEST_SUITE_P(Engines, Races, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
