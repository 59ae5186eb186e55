#include "faces/shared/idempotency.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"

namespace pamoja::faces {
namespace {

const TenantId tenant("t");

const crypto::Keyring& keyring() {
    static SeededRandom random(1);
    static const auto instance = crypto::Keyring::generate(random);
    return instance;
}

http::Request request(std::string key, std::string body) {
    http::Request made;
    made.method = "POST";
    made.path = "/api/v1/loans/apply/";
    made.headers.push_back({"Idempotency-Key", std::move(key)});
    made.body = std::move(body);
    return made;
}

IdempotencyKey key_of(std::string key, std::string body = "{}", std::string caller = "ann") {
    return *idempotency_key_of(request(std::move(key), std::move(body)), caller, "/loans/apply/", keyring());
}

const Reason* reason_of(const std::function<void()>& action) {
    static Reason reason;
    try {
        action();
    } catch (const Failure& failure) {
        reason = failure.reason();
        return &reason;
    }
    return nullptr;
}

class IdempotencyTest : public ::testing::TestWithParam<Engine> {
  protected:
    IdempotencyTest() : db_(GetParam()) {}
    std::optional<http::Response> claim(const IdempotencyKey& key) {
        return db_->write(tenant, [&](Tx& tx) { return claim_or_replay(tx, key, keyring()); });
    }
    testing::TestDatabase db_;
};

TEST(IdempotencyKey, IsTheSameQuotedOrNotAndBounded) {
    EXPECT_EQ(key_of("\"abc\"").key, key_of("abc").key);
    EXPECT_NE(key_of("abc", "{}", "ann").scope, key_of("abc", "{}", "ben").scope);
    EXPECT_FALSE(idempotency_key_of(http::Request(), "ann", "/x", keyring()).has_value());
    EXPECT_THROW(key_of(std::string(256, 'x')), Failure);
    EXPECT_THROW(key_of("\"\""), Failure);
}

TEST_P(IdempotencyTest, ReplaysTheFirstAnswer) {
    const auto key = key_of("k");
    db_->write(tenant, [&](Tx& tx) {
        EXPECT_FALSE(claim_or_replay(tx, key, keyring()).has_value());
        store_answer(tx, key, {201, "application/json", {}, "{\"made\":1}"}, keyring());
        EXPECT_EQ(tx.value<std::int64_t>("SELECT COUNT(*) FROM idempotency_records "
                                         "WHERE tenant_id = :tenant AND body LIKE '%made%'"),
                  0);
    });
    const auto replayed = claim(key);
    ASSERT_TRUE(replayed.has_value());
    EXPECT_EQ(replayed->status, 201);
    EXPECT_EQ(replayed->body, "{\"made\":1}");
    EXPECT_EQ(replayed->headers.at(0).name, "Idempotency-Replayed");
}

TEST_P(IdempotencyTest, RefusesAnotherBodyAndARequestInFlight) {
    EXPECT_FALSE(claim(key_of("k", "{\"a\":1}")).has_value());
    const auto* reused = reason_of([&] { claim(key_of("k", "{\"a\":2}")); });
    ASSERT_NE(reused, nullptr);
    EXPECT_EQ(*reused, idempotency_key_reused);
    const auto* running = reason_of([&] { claim(key_of("k", "{\"a\":1}")); });
    ASSERT_NE(running, nullptr);
    EXPECT_EQ(*running, request_in_flight);
}

TEST_P(IdempotencyTest, FreesAClaimThatFailedOrWhoseHolderDied) {
    const auto key = key_of("k");
    claim(key);
    db_->write(tenant, [&](Tx& tx) { release_claim(tx, key); });
    EXPECT_FALSE(claim(key).has_value());
    db_.clock.advance(std::chrono::minutes(5));
    EXPECT_FALSE(claim(key).has_value()) << "a claim outlived its holder";
}

TEST_P(IdempotencyTest, ForgetsAfterADay) {
    const auto key = key_of("k");
    claim(key);
    EXPECT_EQ(db_->write(tenant, [](Tx& tx) { return prune_idempotency_records(tx); }), 0);
    db_.clock.advance(std::chrono::hours(25));
    EXPECT_EQ(db_->write(tenant, [](Tx& tx) { return prune_idempotency_records(tx); }), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, IdempotencyTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

}  // namespace
}  // namespace pamoja::faces
