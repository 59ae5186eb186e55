#include "ledger/lane.hpp"

#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <numeric>

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::codes_of_threads;
using testing::shillings;
using testing::tenant;

struct Told {
    std::string code;  // empty when it was posted
    TransactionId id;
};

std::string code_of_error(const std::exception_ptr& error) {
    return error ? code_of([&] { std::rethrow_exception(error); }) : std::string();
}

// Submits all of them and waits for every outcome.
std::vector<Told> post_through(PostingLane& lane, const std::vector<Transfer>& transfers,
                               const TenantId& whose = tenant) {
    std::vector<Told> told(transfers.size());
    std::latch all_told(std::ssize(transfers));
    for (std::size_t i = 0; i < transfers.size(); ++i) {
        lane.submit(whose, transfers[i], [&, i](const std::exception_ptr& error, TransactionId id) {
            told[i] = {code_of_error(error), std::move(id)};
            all_told.count_down();
        });
    }
    all_told.wait();
    return told;
}

std::int64_t count_of(const std::vector<Told>& told, std::string_view code) {
    return std::ranges::count(told, code, &Told::code);
}

class Lane : public testing::Books {
  protected:
    static Transfer transfer(const Account& from, const Account& to, std::int64_t minor,
                             std::string reference) {
        return {
            .from = from, .to = to, .amount = Money(minor, from.currency), .reference = std::move(reference)};
    }
};

TEST_P(Lane, PostsManyTransfersOfOneMoment) {
    PostingLane lane(*db_);
    const Account ann = funded("ann", 100'000);
    const Account bob = wallet("bob");
    std::vector<Transfer> transfers;
    for (int i = 0; i < 700; ++i) {
        transfers.push_back(transfer(i % 3 == 0 ? ann : cash_, i % 2 == 0 ? bob : fees_, 10 + i % 7,
                                     "many:" + std::to_string(i)));
        transfers.back().memo = "number " + std::to_string(i);
        transfers.back().metadata = {{"number", std::to_string(i)}};
    }
    const auto told = post_through(lane, transfers);
    EXPECT_EQ(count_of(told, ""), 700);
    std::int64_t bob_minor = 0;
    for (int i = 0; i < 700; i += 2) bob_minor += 10 + i % 7;
    EXPECT_EQ(posted(bob), bob_minor);
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}, std::size_t{350}, std::size_t{699}}) {
        const auto found = read([&](Tx& tx) { return find_transaction(tx, transfers[i].reference); });
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->id, told[i].id);
        EXPECT_EQ(found->memo, transfers[i].memo);
        EXPECT_EQ(found->metadata, transfers[i].metadata);
        EXPECT_EQ(found->effective_at, db_.clock.now());
        EXPECT_EQ(found->entries.front().amount, -transfers[i].amount);
        EXPECT_EQ(found->entries.front().account_id, transfers[i].from.id);
    }
}

TEST_P(Lane, KeepsEveryCharacterOfATextAmongMany) {
    PostingLane lane(*db_);
    const Account bob = wallet("bob");
    std::vector<Transfer> transfers;
    for (const char* text :
         {"plain", "", "NULL", "{a,b}", R"(a"b\c\")", " blank ", "line\nbreak", "x'); --", "ẞ✓"}) {
        transfers.push_back(transfer(cash_, bob, 10, "text:" + std::string(text)));
        transfers.back().memo = text;
        transfers.back().metadata = {{std::string("name ") + text, text}};
    }
    EXPECT_EQ(count_of(post_through(lane, transfers), ""), std::ssize(transfers));
    for (const Transfer& sent : transfers) {
        const auto found = read([&](Tx& tx) { return find_transaction(tx, sent.reference); });
        ASSERT_TRUE(found.has_value()) << sent.reference;
        EXPECT_EQ(found->memo, sent.memo);
        EXPECT_EQ(found->metadata, sent.metadata);
    }
}

TEST_P(Lane, ARepetitionOfWhatPostRecordedIsTheSameTransaction) {
    PostingLane lane(*db_);
    const Account ann = funded("ann", 100);
    const auto by_post = move(ann, fees_, 60, "once");
    const auto other = transfer(cash_, ann, 5, "twice");
    auto changed = transfer(ann, fees_, 60, "once");
    changed.memo = "another";
    const auto told = post_through(lane, {transfer(ann, fees_, 60, "once"), other, other, changed, other});
    EXPECT_EQ(told[0].id, by_post.id);
    EXPECT_EQ(told[3].code, reference_conflict.code);
    EXPECT_EQ(count_of(told, ""), 4);
    EXPECT_EQ(told[1].id, told[2].id);
    EXPECT_EQ(told[1].id, told[4].id);
    EXPECT_EQ(posted(ann), 45);
    EXPECT_EQ(move(cash_, ann, 5, "twice").id, told[1].id);
}

TEST_P(Lane, OneRefusalLeavesTheOthersAlone) {
    PostingLane lane(*db_);
    const Account poor = wallet("poor");
    std::vector<Transfer> transfers;
    for (int i = 0; i < 300; ++i) {
        transfers.push_back(i == 123 ? transfer(poor, fees_, 1, "too much")
                                     : transfer(cash_, fees_, 1, "r" + std::to_string(i)));
    }
    const auto told = post_through(lane, transfers);
    EXPECT_EQ(told[123].code, insufficient_funds.code);
    EXPECT_EQ(count_of(told, ""), 299);
    EXPECT_EQ(posted(fees_), 299);
}

TEST_P(Lane, MoneyThatNobodyHasDoesNotGoRoundInACircle) {
    const Account a = wallet("a");
    const Account b = wallet("b");
    const Account c = wallet("c");
    PostingLane lane(*db_);
    const auto told = post_through(lane, {transfer(cash_, fees_, 1, "first"), transfer(a, b, 50, "ab"),
                                          transfer(b, c, 50, "bc"), transfer(c, a, 50, "ca")});
    EXPECT_EQ(count_of(told, insufficient_funds.code), 3);
    EXPECT_EQ(posted(a), 0);
}

TEST_P(Lane, WhatCanNeverBePostedIsRefusedAtOnce) {
    PostingLane lane(*db_);
    const Account ann = funded("ann", 100);
    const auto told =
        post_through(lane, {transfer(ann, fees_, 0, "none"), transfer(ann, fees_, -5, "negative"),
                            transfer(ann, ann, 5, "to itself"), transfer(ann, fees_, 5, ""),
                            transfer(ann, wallet("nairas", testing::ngn), 5, "another currency"),
                            transfer(cash_, fees_, leg_max_minor + 1, "too large")});
    EXPECT_EQ(count_of(told, invalid_posting.code), 6);
    EXPECT_EQ(posted(ann), 100);
}

TEST_P(Lane, AnAccountOfAnotherTenantIsOfNoUse) {
    PostingLane lane(*db_);
    const Account ann = funded("ann", 100);
    std::latch is_told(2);
    int failures = 0;
    std::mutex mutex;
    for (const char* reference : {"one", "two"}) {
        lane.submit(TenantId("other"), transfer(ann, fees_, 5, reference),
                    [&](const std::exception_ptr& error, const TransactionId&) {
                        const std::lock_guard lock(mutex);
                        failures += error ? 1 : 0;
                        is_told.count_down();
                    });
    }
    is_told.wait();
    EXPECT_EQ(failures, 2);
    EXPECT_EQ(posted(ann), 100);
}

TEST_P(Lane, HeldMoneyIsNotThereToSpend) {
    const Account ann = funded("ann", 100);
    write([&](Tx& tx) { place(tx, {.account = ann, .amount = shillings(70), .reference = "hold"}); });
    PostingLane lane(*db_);
    std::vector<Transfer> transfers;
    for (int i = 0; i < 40; ++i) transfers.push_back(transfer(ann, fees_, 1, "r" + std::to_string(i)));
    const auto told = post_through(lane, transfers);
    EXPECT_EQ(count_of(told, ""), 30);
    EXPECT_EQ(count_of(told, insufficient_funds.code), 10);
    EXPECT_EQ(available(ann), 0);
}

TEST_P(Lane, WhatWaitsIsToldBeforeTheLaneEnds) {
    const Account ann = funded("ann", 1000);
    std::atomic<int> told = 0;
    {
        PostingLane lane(*db_);
        for (int i = 0; i < 600; ++i) {
            lane.submit(
                tenant, transfer(ann, fees_, 1, "r" + std::to_string(i)),
                [&](const std::exception_ptr& error, const TransactionId&) { told += error ? 0 : 1; });
        }
    }
    EXPECT_EQ(told, 600);
    EXPECT_EQ(posted(fees_), 600);
}

TEST_P(Lane, ManyDrainAnAccountAndExactlyWhatFitsGoesThrough) {
    PostingLane lane(*db_);
    const Account ann = funded("ann", 1000);
    std::vector<std::int64_t> posted_counts(8);
    const auto codes = codes_of_threads(8, [&](int i) {
        std::vector<Transfer> transfers;
        for (int j = 0; j < 20; ++j) {
            transfers.push_back(transfer(ann, fees_, 30, std::to_string(i) + ":" + std::to_string(j)));
        }
        const auto told = post_through(lane, transfers);
        posted_counts[static_cast<std::size_t>(i)] = count_of(told, "");
        EXPECT_EQ(count_of(told, "") + count_of(told, insufficient_funds.code), 20);
    });
    EXPECT_EQ(std::accumulate(posted_counts.begin(), posted_counts.end(), std::int64_t{0}), 33);
    EXPECT_EQ(posted(ann), 10);
}

// Beside the lane others post one by one, hold, reverse and seal; all of it touches the same accounts.
TEST_P(Lane, SharesItsAccountsWithEverybodyElse) {
    PostingLane lane(*db_);
    const Account hot = wallet("hot");
    std::vector<Account> payers;
    for (int i = 0; i < 6; ++i) payers.push_back(funded("payer" + std::to_string(i), 10'000));
    const auto codes = codes_of_threads(6, [&](int i) {
        const Account& payer = payers[static_cast<std::size_t>(i)];
        const std::string name = std::to_string(i) + ":";
        if (i < 3) {
            std::vector<Transfer> transfers;
            for (int j = 0; j < 150; ++j)
                transfers.push_back(transfer(payer, hot, 2, name + std::to_string(j)));
            EXPECT_EQ(count_of(post_through(lane, transfers), ""), 150);
        } else if (i < 5) {
            for (int j = 0; j < 20; ++j) move(payer, hot, 2, name + std::to_string(j));
        } else {
            for (int j = 0; j < 20; ++j) write([](Tx& tx) { seal(tx, 13); });
        }
    });
    EXPECT_EQ(std::ranges::count(codes, ""), 6);
    EXPECT_EQ(posted(hot), 3 * 150 * 2 + 2 * 20 * 2);
}

// The same random transfers through a lane and one by one through post, on two ledgers that begin alike.
// Within a wave an account only pays, and once, or only receives, so that the order makes no difference.
class LaneProperties : public Lane {
  protected:
    static constexpr std::size_t wallet_count = 60;

    struct World {
        std::vector<Account> accounts;  // the last ones are the house's
    };
    struct Wish {
        std::size_t from;
        std::size_t to;
        std::int64_t minor;
        std::string reference;
        std::string memo;
    };

    World open_world(Database& database) {
        World world;
        for (std::size_t i = 0; i < wallet_count; ++i) {
            auto spec = customer("user:" + std::to_string(i), "wallet", testing::kes);
            if (i % 10 == 0) spec.floor.reset();
            if (i % 10 == 1) spec.floor = shillings(-500);
            world.accounts.push_back(database.write(tenant, [&](Tx& tx) { return account_of(tx, spec); }));
        }
        for (const char* name : {"mpesa_float", "fees"}) {
            const auto kind = name[0] == 'm' ? AccountKind::asset : AccountKind::income;
            world.accounts.push_back(database.write(
                tenant, [&](Tx& tx) { return account_of(tx, house(name, kind, testing::kes)); }));
        }
        return world;
    }

    static Transfer transfer_of(const World& world, const Wish& wish) {
        Transfer made =
            transfer(world.accounts[wish.from], world.accounts[wish.to], wish.minor, wish.reference);
        made.memo = wish.memo;
        return made;
    }

    std::vector<Wish> wave_of(int number) {
        std::vector<std::size_t> payers;
        std::vector<std::size_t> receivers{wallet_count, wallet_count + 1};
        for (std::size_t i = 0; i < wallet_count; ++i)
            (dice_.below(2) == 0 ? payers : receivers).push_back(i);
        for (int i = 0; i < 20; ++i) payers.push_back(wallet_count);
        std::vector<Wish> wave;
        for (const std::size_t from : payers) {
            std::size_t to = receivers[dice_.below(receivers.size())];
            if (to == from) to = wallet_count + 1;
            const auto reference = std::to_string(number) + ":" + std::to_string(wave.size());
            wave.push_back({from, to, 1 + static_cast<std::int64_t>(dice_.below(300)), reference, "wish"});
        }
        // Every other wave has nothing unusual but what the balances make of it.
        for (int i = 0; i < 3 && number % 2 == 0 && !accepted_.empty(); ++i) {
            wave.push_back(accepted_[dice_.below(accepted_.size())]);
            if (dice_.below(2) == 0) wave.back().memo = "another wish";
        }
        return wave;
    }

    SeededRandom dice_{7};
    std::vector<Wish> accepted_;
};

TEST_P(LaneProperties, AgreesWithPostingOneByOne) {
    pamoja::testing::TestDatabase twin(GetParam());
    const World world = open_world(*db_);
    const World twin_world = open_world(*twin);
    PostingLane lane(*db_);
    std::map<std::string, int> outcomes;
    for (int number = 0; number < 30 && !HasFailure(); ++number) {
        SCOPED_TRACE("wave " + std::to_string(number));
        const auto wave = wave_of(number);
        std::vector<Transfer> transfers;
        for (const Wish& wish : wave) transfers.push_back(transfer_of(world, wish));
        const auto told = post_through(lane, transfers);
        for (std::size_t i = 0; i < wave.size(); ++i) {
            const auto code = code_of(
                [&] { twin->write(tenant, [&](Tx& tx) { post(tx, transfer_of(twin_world, wave[i])); }); });
            EXPECT_EQ(told[i].code, code) << wave[i].reference;
            ++outcomes[code];
            if (code.empty()) accepted_.push_back(wave[i]);
        }
        for (std::size_t i = 0; i < world.accounts.size(); ++i) {
            EXPECT_EQ(posted(world.accounts[i]), twin->read(tenant, [&](Tx& tx) {
                return balance_of(tx, twin_world.accounts[i]).posted.minor();
            })) << world.accounts[i].code;
        }
        EXPECT_EQ(violations(), std::vector<std::string>());
    }
    EXPECT_GT(outcomes[""], 500);
    EXPECT_GT(outcomes[insufficient_funds.code], 20);
    EXPECT_GT(outcomes[reference_conflict.code], 5);
}

INSTANTIATE_TEST_SUITE_P(Engines, Lane, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, LaneProperties, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
