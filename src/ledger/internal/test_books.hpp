#pragma once
#include <gtest/gtest.h>

#include <thread>

#include "db/testing.hpp"
#include "ledger/balances.hpp"
#include "ledger/chain.hpp"
#include "ledger/check.hpp"
#include "ledger/holds.hpp"
#include "ledger/statements.hpp"

namespace pamoja::ledger::testing {

inline const TenantId tenant("tenant");
inline const Currency kes("KES");
inline const Currency ngn("NGN");

inline Money shillings(std::int64_t minor) {
    return {minor, kes};
}

// The code of the failure that ends `action`; empty when nothing does.
template <class F>
std::string code_of(F action) {
    try {
        action();
        return {};
    } catch (const Failure& failure) {
        return failure.reason().code;
    }
}

// Runs `action(i)` on `count` threads at once and returns what became of each.
template <class F>
std::vector<std::string> codes_of_threads(int count, F action) {
    std::vector<std::string> codes(static_cast<std::size_t>(count));
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            std::string& code = codes[static_cast<std::size_t>(i)];
            // A busy PostgreSQL may give up on a transaction; its client asks again.
            do {
                code = code_of([&] { action(i); });
            } while (code == unavailable.code);
        });
    }
    for (auto& thread : threads) thread.join();
    return codes;
}

// A ledger of one tenant. Whatever a test does to it, its books must add up in the end.
class Books : public ::testing::TestWithParam<Engine> {
  protected:
    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    template <class F>
    auto read(F work) {
        return db_->read(tenant, std::move(work));
    }

    Account open(const AccountSpec& spec) {
        return write([&](Tx& tx) { return account_of(tx, spec); });
    }
    Account wallet(const std::string& name, Currency currency = kes) {
        return open(customer("user:" + name, "wallet", currency));
    }
    // A wallet with money in it, paid in from the float.
    Account funded(const std::string& name, std::int64_t minor) {
        const Account account = wallet(name);
        move(cash_, account, minor, "fund:" + name);
        return account;
    }
    Transaction move(const Account& from, const Account& to, std::int64_t minor, std::string reference) {
        return write([&](Tx& tx) {
            return post(
                tx,
                Transfer{
                    .from = from, .to = to, .amount = Money(minor, from.currency), .reference = reference});
        });
    }
    std::int64_t posted(const Account& account) {
        return read([&](Tx& tx) { return balance_of(tx, account).posted.minor(); });
    }
    std::int64_t held(const Account& account) {
        return read([&](Tx& tx) { return balance_of(tx, account).held.minor(); });
    }
    std::int64_t available(const Account& account) {
        return read([&](Tx& tx) { return balance_of(tx, account).available().minor(); });
    }
    void seal_all() {
        while (write([](Tx& tx) { return seal(tx); }) > 0) {
        }
    }
    std::vector<std::string> violations() {
        return read([](Tx& tx) { return check(tx); });
    }

    void TearDown() override {
        if (is_tampered_with_) return;
        EXPECT_EQ(violations(), std::vector<std::string>());
        seal_all();
        EXPECT_EQ(violations(), std::vector<std::string>());
    }

    pamoja::testing::TestDatabase db_{GetParam()};
    Account cash_ = open(house("mpesa_float", AccountKind::asset, kes));
    Account fees_ = open(house("fees", AccountKind::income, kes));
    bool is_tampered_with_ = false;
};

inline std::string engine_name(const ::testing::TestParamInfo<Engine>& param) {
    return pamoja::testing::name_of(param.param);
}

}  // namespace pamoja::ledger::testing
