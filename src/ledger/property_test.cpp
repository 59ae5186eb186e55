#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/decimal.hpp"
#include "ledger/internal/test_books.hpp"
#include "ledger/internal/test_oracle.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::Oracle;

// Thousands of random operations, most of them sensible and some not, against the plain model.
class Properties : public testing::Books {
  protected:
    void run(std::uint64_t seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        dice_.emplace(seed);
        open_world();
        constexpr int steps = 1500;
        for (int i = 0; i < steps && !HasFailure(); ++i) {
            SCOPED_TRACE("step " + std::to_string(i));
            step();
            if (i % 300 == 299) compare();
        }
        // A run that never meets a refusal proves nothing about it.
        for (const Reason& reason :
             {insufficient_funds, invalid_posting, reference_conflict, already_reversed, not_reversible,
              hold_closed, hold_expired, hold_exceeded}) {
            EXPECT_GT(outcomes_[reason.code], 0) << reason.code;
        }
        EXPECT_GT(outcomes_[""], steps / 4);
    }

  private:
    void open_world() {
        add(cash_);
        add(fees_);
        add(open(house("liquidity", AccountKind::equity, testing::kes)));
        add(open(house("liquidity", AccountKind::equity, testing::ngn)));
        for (const char* name : {"a", "b", "c"}) add(wallet(name));
        for (const char* name : {"a", "b"}) add(wallet(name, testing::ngn));
        AccountSpec free = customer("user:free", "loan", testing::kes);
        free.floor.reset();
        add(open(free));
    }

    void step() {
        const auto kind = dice_->below(100);
        if (kind < 45) {
            post_something();
        } else if (kind < 58) {
            place_something();
        } else if (kind < 72) {
            settle_something();
        } else if (kind < 77) {
            release_something();
        } else if (kind < 87) {
            reverse_something();
        } else if (kind < 91) {
            move_a_floor();
        } else if (kind < 95) {
            write([&](Tx& tx) { return seal(tx, 1 + static_cast<std::int64_t>(dice_->below(9))); });
        } else if (kind < 97) {
            EXPECT_EQ(write([](Tx& tx) { return expire_due(tx); }), oracle_.expire(now()));
        } else {
            db_.clock.advance(std::chrono::seconds(dice_->below(300)));
        }
    }

    void compare() {
        for (std::size_t i = 0; i < accounts_.size(); ++i) {
            const auto& model = oracle_.accounts[i];
            EXPECT_EQ(posted(accounts_[i]), model.posted) << accounts_[i].code;
            EXPECT_EQ(held(accounts_[i]), model.held) << accounts_[i].code;
            const auto at = now() - static_cast<std::int64_t>(dice_->below(5'000'000'000));
            const auto balance =
                read([&](Tx& tx) { return balance_at(tx, accounts_[i], Timestamp::from_micros(at)); });
            EXPECT_EQ(balance.minor(), oracle_.balance_at(i, at)) << accounts_[i].code;
        }
        for (const auto& entry : oracle_.holds) {
            const std::string& reference = entry.first;
            const auto& model = entry.second;
            const auto hold = read([&](Tx& tx) { return find_hold(tx, reference); });
            ASSERT_TRUE(hold.has_value());
            EXPECT_EQ(hold->status, model.status) << reference;
            EXPECT_EQ(hold->remaining.minor(), model.remaining) << reference;
        }
        compare_statement(dice_->below(accounts_.size()));
        EXPECT_EQ(violations(), std::vector<std::string>());
    }

    void add(const Account& account) {
        accounts_.push_back(account);
        oracle_.accounts.push_back(
            {account.is_system, std::string(account.currency.code()),
             account.opening_floor ? std::optional(account.opening_floor->minor()) : std::nullopt, 0, 0});
    }

    std::int64_t now() const { return db_.clock.now().micros(); }
    void agree(const std::string& code, const std::string& expected) {
        EXPECT_EQ(code, expected);
        ++outcomes_[code];
    }
    bool chance(std::uint64_t percent) { return dice_->below(100) < percent; }
    std::size_t any_account() { return dice_->below(accounts_.size()); }
    std::int64_t amount() { return 1 + static_cast<std::int64_t>(dice_->below(1000)); }
    std::string new_reference(const char* kind) { return kind + std::to_string(++count_); }

    // One of all references that were used, now and then; a new one otherwise.
    template <class Map>
    std::string reference(const char* kind, const Map& used) {
        if (used.empty() || !chance(4)) return new_reference(kind);
        return any_of(used);
    }
    template <class Map>
    std::string any_of(const Map& map) {
        return std::next(map.begin(), static_cast<std::ptrdiff_t>(dice_->below(map.size())))->first;
    }

    // Distinct accounts of a currency whose amounts sum to zero, or nearly always so.
    void add_legs(std::vector<Oracle::LegModel>& legs, std::string_view currency) {
        std::vector<std::size_t> candidates;
        for (std::size_t i = 0; i < accounts_.size(); ++i) {
            if (accounts_[i].currency.code() == currency) candidates.push_back(i);
        }
        const auto count = 2 + (chance(30) ? dice_->below(3) : 0);
        std::int64_t sum = chance(3) ? 1 : 0;
        for (std::size_t i = 0; i < count && !candidates.empty(); ++i) {
            const auto at = static_cast<std::ptrdiff_t>(dice_->below(candidates.size()));
            const bool is_last = i + 1 == count || candidates.size() == 1;
            const std::int64_t minor = is_last ? -sum : (chance(50) ? amount() : -amount());
            legs.push_back({candidates[static_cast<std::size_t>(at)], minor});
            sum += minor;
            if (!chance(2)) candidates.erase(candidates.begin() + at);
        }
    }

    Oracle::PostingModel any_posting() {
        if (!posted_.empty() && chance(5)) {
            auto repeated = posted_[dice_->below(posted_.size())];
            if (chance(30)) repeated.memo += "!";
            return repeated;
        }
        Oracle::PostingModel posting{reference("p", oracle_.transactions), "memo", std::nullopt, {}};
        if (chance(30)) posting.effective_at = now() - static_cast<std::int64_t>(dice_->below(4'000'000'000));
        add_legs(posting.legs, chance(75) ? "KES" : "NGN");
        if (chance(10)) add_legs(posting.legs, "NGN");
        posted_.push_back(posting);
        return posting;
    }

    std::vector<Leg> legs_of(const Oracle::PostingModel& posting) const {
        std::vector<Leg> legs;
        for (const auto& leg : posting.legs) {
            legs.push_back({accounts_[leg.account], Money(leg.minor, accounts_[leg.account].currency)});
        }
        return legs;
    }

    static std::optional<Timestamp> instant(std::optional<std::int64_t> micros) {
        return micros ? std::optional(Timestamp::from_micros(*micros)) : std::nullopt;
    }

    void post_something() {
        const auto model = any_posting();
        const Posting posting{.reference = model.reference,
                              .memo = model.memo,
                              .metadata = {{"by", "dice"}},
                              .effective_at = instant(model.effective_at),
                              .legs = legs_of(model)};
        agree(code_of([&] { write([&](Tx& tx) { post(tx, posting); }); }), oracle_.post(model, now()));
    }

    void place_something() {
        const auto account = any_account();
        const auto minor = chance(3) ? -amount() : amount();
        const auto name = reference("h", oracle_.holds);
        std::optional<std::int64_t> expires_at;
        if (chance(70))
            expires_at = now() + static_cast<std::int64_t>(dice_->below(2'000'000'000)) - 20'000'000;
        const HoldRequest request{.account = accounts_[account],
                                  .amount = Money(minor, accounts_[account].currency),
                                  .reference = name,
                                  .expires_at = instant(expires_at)};
        agree(code_of([&] { write([&](Tx& tx) { place(tx, request); }); }),
              oracle_.place(name, account, minor, expires_at, now()));
    }

    HoldId id_of(const std::string& hold) {
        return read([&](Tx& tx) { return find_hold(tx, hold)->id; });
    }

    void settle_something() {
        if (oracle_.holds.empty()) return;
        const auto hold = any_of(oracle_.holds);
        const auto remaining = oracle_.holds.at(hold).remaining;
        const auto part = chance(50) ? remaining : amount();
        Oracle::PostingModel model{
            reference("s", oracle_.transactions), "settled", std::nullopt, {{any_account(), part}}};
        if (chance(20)) model.legs.push_back({any_account(), amount()});
        const Rest rest = chance(50) ? Rest::keep : Rest::release;
        const auto id = id_of(hold);
        const Settlement settlement{
            .reference = model.reference, .to = legs_of(model), .rest = rest, .memo = model.memo};
        const auto settled = [&] { write([&](Tx& tx) { settle(tx, id, settlement); }); };
        agree(code_of(settled), oracle_.settle(hold, model, rest, now()));
        if (chance(10)) {
            agree(code_of(settled), oracle_.settle(hold, model, rest, now()));
        }
    }

    void release_something() {
        if (oracle_.holds.empty()) return;
        const auto hold = any_of(oracle_.holds);
        const auto id = id_of(hold);
        agree(code_of([&] { write([&](Tx& tx) { release(tx, id, "dice"); }); }), oracle_.release(hold));
    }

    void reverse_something() {
        if (oracle_.transactions.empty()) return;
        const auto original = any_of(oracle_.transactions);
        const auto name = reference("r", oracle_.transactions);
        const auto id = read([&](Tx& tx) { return find_transaction(tx, original)->id; });
        const auto reversed = [&] { write([&](Tx& tx) { reverse(tx, id, name); }); };
        agree(code_of(reversed), oracle_.reverse(original, name, now()));
        if (chance(20)) {
            agree(code_of(reversed), oracle_.reverse(original, name, now()));
        }
    }

    void move_a_floor() {
        const auto account = any_account();
        if (accounts_[account].is_system) return;
        std::optional<std::int64_t> floor;
        if (chance(90)) floor = -static_cast<std::int64_t>(dice_->below(500));
        std::optional<Money> money;
        if (floor) money = Money(*floor, accounts_[account].currency);
        const auto moved = [&] {
            write([&](Tx& tx) { change_floor(tx, accounts_[account], money, "dice"); });
        };
        agree(code_of(moved), oracle_.move_floor(account, floor));
    }

    void compare_statement(std::size_t account) {
        const auto from = now() - 2'000'000'000;
        const StatementPeriod period{Timestamp::from_micros(from), Timestamp::from_micros(now() + 1)};
        const auto found = read([&](Tx& tx) {
            return statement(tx, accounts_[account], period, {1, 10'000});
        });
        EXPECT_EQ(found.opening.minor(), oracle_.balance_at(account, from - 1));
        EXPECT_EQ(found.closing.minor(), oracle_.balance_at(account, now()));
        Money running = found.opening;
        for (const auto& line : found.lines.items) {
            running += line.amount;
            EXPECT_EQ(line.balance_after, running);
        }
        EXPECT_EQ(running, found.closing);
    }

    std::optional<SeededRandom> dice_;
    std::vector<Account> accounts_;
    std::vector<Oracle::PostingModel> posted_;
    Oracle oracle_;
    std::map<std::string, int> outcomes_;
    int count_ = 0;
};

TEST_P(Properties, TheBooksAgreeWithAPlainModel) {
    run(1);
}
TEST_P(Properties, TheBooksAgreeWithAPlainModelOnOtherPaths) {
    run(2);
}
TEST_P(Properties, TheBooksAgreeWithAPlainModelOnPathsThatTheCallerChooses) {
    const char* seed = std::getenv("PAMOJA_SEED");
    run(seed == nullptr ? 3 : static_cast<std::uint64_t>(parse_scaled(seed, 0).value()));
}

INSTANTIATE_TEST_SUITE_P(Engines, Properties, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
