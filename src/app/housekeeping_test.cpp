#include "app/housekeeping.hpp"

#include <gtest/gtest.h>

#include "audit/chain.hpp"
#include "audit/entries.hpp"
#include "db/counting.hpp"
#include "db/testing.hpp"
#include "identity/tenants.hpp"
#include "jobs/runner.hpp"
#include "ledger/chain.hpp"
#include "ledger/holds.hpp"

namespace pamoja::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int tenant_count = 2'000;
const Currency inr("INR");

TenantId tenant(int number) {
    return TenantId("customer" + std::to_string(100'000 + number));
}

// A platform with many customers, of which few are awake.
class HousekeepingTest : public ::testing::TestWithParam<Engine> {
  protected:
    HousekeepingTest() : db_(GetParam()), counting_(*db_) {
        db_->write(every_tenant(), [](Tx& tx) {
            for (int number = 0; number < tenant_count; ++number) {
                identity::create_tenant(
                    tx, {.id = tenant(number), .face = "upflame", .name = "Customer", .currency = inr});
            }
        });
        handle_housekeeping(handlers_);
        pass(seconds(1));
        counting_.forget();
    }

    void pass(std::chrono::microseconds duration) {
        jobs::Runner runner(counting_, db_.clock, db_.random, handlers_);
        runner.drain();
        runner.run_due_until(db_.clock.now().plus(duration), [this](auto step) { db_.clock.advance(step); });
        for (const auto& [id, count] : counting_.writes()) {
            if (id != every_tenant()) touched_.insert(id);
        }
    }

    void note(const TenantId& id, int count) {
        db_->write(id, [&](Tx& tx) {
            for (int i = 0; i < count; ++i) {
                audit::record(
                    tx, {.actor = "ann", .action = "user.create", .subject = "user:" + std::to_string(i)});
            }
        });
    }

    void hold_for_a_minute(const TenantId& id) {
        db_->write(id, [](Tx& tx) {
            const auto bank = ledger::account_of(tx, ledger::house("float", ledger::AccountKind::asset, inr));
            const auto wallet = ledger::account_of(tx, ledger::customer("user:ann", "wallet", inr));
            const Money money(10'000, inr);
            ledger::post(tx, {.reference = "fund", .legs = {{bank, -money}, {wallet, money}}});
            ledger::place(tx, {.account = wallet,
                               .amount = money,
                               .reference = "hold",
                               .expires_at = tx.now().plus(minutes(1))});
        });
    }

    std::int64_t unsealed() {
        return db_->read(every_tenant(), [](Tx& tx) {
            return *tx.value<std::int64_t>("SELECT COUNT(*) FROM audit_unsealed") +
                   *tx.value<std::int64_t>("SELECT COUNT(*) FROM ledger_unsealed");
        });
    }

    std::vector<std::string> faults_of(const TenantId& id) {
        return db_->read(id, [](Tx& tx) {
            auto faults = audit::check(tx);
            std::ranges::move(ledger::verify_chain(tx), std::back_inserter(faults));
            return faults;
        });
    }

    testing::TestDatabase db_;
    testing::CountingDatabase counting_;
    jobs::Handlers handlers_;
    std::set<TenantId> touched_;
};

TEST_P(HousekeepingTest, TouchesNoTenantWhereNothingHappened) {
    pass(std::chrono::hours(2));
    EXPECT_EQ(touched_, std::set<TenantId>());
    EXPECT_LT(counting_.writes().at(every_tenant()), 60) << "per run, not per tenant";
    EXPECT_LT(counting_.reads(), 400);
}

TEST_P(HousekeepingTest, SealsWhatFewTenantsDidWithinASecond) {
    note(tenant(3), 1);
    note(tenant(1'700), 1'234);
    hold_for_a_minute(tenant(900));
    pass(seconds(1));
    EXPECT_EQ(unsealed(), 0);
    EXPECT_EQ(touched_, std::set<TenantId>({tenant(3), tenant(900), tenant(1'700)}));
    for (const TenantId& id : touched_) EXPECT_EQ(faults_of(id), std::vector<std::string>()) << id.text();
}

TEST_P(HousekeepingTest, LetsHoldsExpireAndSealsThat) {
    hold_for_a_minute(tenant(900));
    pass(minutes(2));
    const auto status = db_->read(tenant(900), [](Tx& tx) { return ledger::find_hold(tx, "hold")->status; });
    EXPECT_EQ(status, ledger::HoldStatus::expired);
    pass(seconds(1));
    EXPECT_EQ(unsealed(), 0);
    EXPECT_EQ(touched_, std::set<TenantId>({tenant(900)}));
    EXPECT_EQ(faults_of(tenant(900)), std::vector<std::string>());
}

TEST_P(HousekeepingTest, ForgetsWhatIsOldWhereItIs) {
    const auto records = [this] {
        return db_->read(every_tenant(), [](Tx& tx) {
            return *tx.value<std::int64_t>("SELECT COUNT(*) FROM idempotency_records");
        });
    };
    db_->write(tenant(5), [](Tx& tx) {
        for (int i = 0; i < 1'100; ++i) {
            tx.run(
                "INSERT INTO idempotency_records (tenant_id, scope, key, fingerprint, claimed_until, "
                "created_at) "
                "VALUES (:tenant, 'ann', $1, 'f', $2, $2)",
                std::to_string(i), tx.now());
        }
    });
    pass(std::chrono::hours(23));
    EXPECT_EQ(records(), 1'100);
    pass(std::chrono::hours(3));
    EXPECT_EQ(records(), 0);
    EXPECT_EQ(touched_, std::set<TenantId>({tenant(5)}));
}

INSTANTIATE_TEST_SUITE_P(Engines, HousekeepingTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::app
