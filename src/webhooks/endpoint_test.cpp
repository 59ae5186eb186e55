#include "webhooks/endpoint.hpp"

#include <gtest/gtest.h>

#include "webhooks/testing/webhook_world.hpp"

namespace pamoja::webhooks {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class EndpointTest : public ::testing::TestWithParam<Engine> {
  protected:
    std::string refusal(const NewEndpoint& wanted, const UrlRules& rules = {}) {
        try {
            world_.write([&](Tx& tx) { add_endpoint(tx, wanted, rules, world_.keyring); });
        } catch (const Failure& failure) {
            return failure.errors().empty() ? failure.reason().code : failure.errors()[0].field;
        }
        return "";
    }

    WebhookWorld world_{GetParam()};
};

TEST_P(EndpointTest, TakesPublicAddressesOnly) {
    for (const char* url : {"https://example.com/hook?key=1", "https://example.com:8443", "https://8.8.8.8/",
                            "https://[2606:4700::1111]/"})
        EXPECT_EQ(refusal({.url = url}), "") << url;
    for (const char* url : {"http://example.com/",
                            "ftp://example.com/",
                            "example.com",
                            "",
                            "https://",
                            "https://example.com:22/",
                            "https://example.com:5432/",
                            "https://127.0.0.1/",
                            "https://2130706433/",
                            "https://0x7f.1/",
                            "https://10.0.0.1/",
                            "https://169.254.169.254/latest/meta-data",
                            "https://[::1]/",
                            "https://[::ffff:10.0.0.1]/",
                            "https://[64:ff9b::7f00:1]/",
                            "https://[2002:7f00:1::]/",
                            "https://localhost/",
                            "https://db.internal/",
                            "https://ann:pw@example.com/",
                            "https://example.com/#x",
                            "http://127.0.0.1/",
                            "https://exa mple.com/"})
        EXPECT_EQ(refusal({.url = url}), "url") << url;
}

TEST_P(EndpointTest, DevelopmentAddsThisMachineAndNothingElse) {
    const UrlRules development{.allows_loopback = true};
    for (const char* url : {"http://127.0.0.1:9000/hook", "http://localhost:3000/", "https://[::1]:9443/"})
        EXPECT_EQ(refusal({.url = url}, development), "") << url;
    for (const char* url :
         {"http://example.com/", "http://10.0.0.1/", "http://127.0.0.2/", "ftp://127.0.0.1/"})
        EXPECT_EQ(refusal({.url = url}, development), "url") << url;
}

TEST_P(EndpointTest, NamesItsEventTypes) {
    const std::string url = "https://example.com/";
    EXPECT_EQ(refusal({.url = url, .event_types = {"booking.created", "booking.*", "user_2.a.b"}}), "");
    for (const char* type :
         {"", ".", "booking.", ".created", "booking..created", "*", "book*", "a b", "a.*.b"})
        EXPECT_EQ(refusal({.url = url, .event_types = {type}}), "event_types") << type;
    EXPECT_EQ(refusal({.url = url, .event_types = std::vector<std::string>(101, "a")}), "event_types");

    Endpoint some;
    some.event_types = {"booking.created", "loan.*"};
    EXPECT_TRUE(some.wants("booking.created"));
    EXPECT_FALSE(some.wants("booking.cancelled"));
    EXPECT_TRUE(some.wants("loan.disbursed"));
    EXPECT_FALSE(some.wants("loaned.x"));
    EXPECT_TRUE(Endpoint().wants("anything.done"));
}

TEST_P(EndpointTest, ShowsItsSecretOnceAndKeepsItSealed) {
    const auto made = world_.add({.url = "https://example.com/"});
    EXPECT_TRUE(made.secret.starts_with("whsec_"));
    const auto stored = world_.write([](Tx& tx) {
        return *tx.value<std::string>(
            "SELECT sealed_secret FROM webhook_secrets WHERE tenant_id = :tenant LIMIT 1");
    });
    EXPECT_EQ(stored.find(made.secret.substr(6)), std::string::npos);
    EXPECT_TRUE(stored.starts_with("v1."));
}

TEST_P(EndpointTest, ChangesWhatIsSaidAndKeepsTheRest) {
    const auto id = world_.add({.url = "https://example.com/", .event_types = {"booking.*"}}).endpoint.id;
    const auto change = [&](const EndpointChanges& changes) {
        return world_.write([&](Tx& tx) { return change_endpoint(tx, id, changes, {}); });
    };
    const auto changed = change({.description = "ours", .is_ordered = true, .is_enabled = false});
    EXPECT_EQ(changed.url, "https://example.com/");
    EXPECT_EQ(changed.event_types, std::vector<std::string>{"booking.*"});
    EXPECT_TRUE(changed.is_ordered);
    EXPECT_EQ(changed.disabled_reason, DisabledReason::asked);
    EXPECT_EQ(world_.endpoint(id).description, "ours");
    EXPECT_EQ(change({.is_enabled = true}).disabled_reason, DisabledReason::none);
    EXPECT_THROW(change({.url = "http://10.0.0.1/"}), Failure);
    world_.write([&](Tx& tx) { remove_endpoint(tx, id); });
    EXPECT_THROW(world_.endpoint(id), Failure);
    EXPECT_THROW(world_.write([&](Tx& tx) { remove_endpoint(tx, id); }), Failure);
    EXPECT_EQ(world_.write([](Tx& tx) { return endpoints(tx, {}).total; }), 0);
}

TEST_P(EndpointTest, BelongsToItsTenant) {
    const auto id = world_.add({.url = "https://example.com/"}).endpoint.id;
    const TenantId other("other");
    EXPECT_THROW(world_.db->write(other, [&](Tx& tx) { return endpoint_of(tx, id); }), Failure);
    EXPECT_THROW(world_.db->write(other, [&](Tx& tx) { remove_endpoint(tx, id); }), Failure);
    EXPECT_EQ(world_.db->write(other, [](Tx& tx) { return endpoints(tx, {}).total; }), 0);
}

TEST_P(EndpointTest, ATenantHasAtMostFifty) {
    for (int i = 0; i < 50; ++i) world_.add({.url = "https://example.com/"});
    EXPECT_EQ(refusal({.url = "https://example.com/"}), "conflict");
}

TEST_P(EndpointTest, ARotatedSecretSignsUntilItExpires) {
    const auto first = world_.add_receiver();
    const auto rotate = [&](seconds overlap) {
        return world_.write(
            [&](Tx& tx) { return rotate_secret(tx, first.endpoint.id, overlap, world_.keyring); });
    };
    const auto second = rotate(hours(24));
    const auto signed_by = [&](const std::string& secret) {
        world_.publish("booking.created");
        world_.runner.drain();
        return is_genuine(world_.receiver.received().back(), secret, world_.db.clock.now());
    };
    EXPECT_TRUE(signed_by(first.secret));
    EXPECT_TRUE(signed_by(second.secret));
    world_.db.clock.advance(hours(24));
    EXPECT_FALSE(signed_by(first.secret));
    EXPECT_TRUE(signed_by(second.secret));
    const auto third = rotate(seconds(0));
    EXPECT_FALSE(signed_by(second.secret));
    EXPECT_TRUE(signed_by(third.secret));
    EXPECT_THROW(rotate(hours(24 * 7) + seconds(1)), Failure);
    for (int i = 0; i < 4; ++i) rotate(hours(1));
    EXPECT_THROW(rotate(hours(1)), Failure) << "five secrets sign already";
}

INSTANTIATE_TEST_SUITE_P(Engines, EndpointTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::webhooks
