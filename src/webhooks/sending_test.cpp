#include "webhooks/sending.hpp"

#include <gtest/gtest.h>

#include "webhooks/internal/answer.hpp"
#include "webhooks/testing/webhook_world.hpp"

namespace pamoja::webhooks {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class SendingTest : public ::testing::TestWithParam<Engine> {
  protected:
    void publish_and_drain(const char* event = "booking.created") {
        world_.publish(event);
        world_.runner.drain();
    }
    Delivery only() {
        const auto log = world_.log();
        EXPECT_EQ(log.size(), 1u);
        return log.at(0);
    }
    std::size_t calls() const { return world_.receiver.received().size(); }

    WebhookWorld world_{GetParam()};
};

TEST_P(SendingTest, AnEventReachesWhoWantsIt) {
    const auto made = world_.add_receiver();
    world_.add({.url = world_.receiver.url(), .event_types = {"loan.*"}});
    world_.add({.url = world_.receiver.url(), .is_enabled = false});
    publish_and_drain();

    ASSERT_EQ(calls(), 1u);
    const Received got = world_.receiver.received()[0];
    EXPECT_TRUE(is_genuine(got, made.secret, world_.db.clock.now()));
    EXPECT_EQ(got.body,
              R"({"type":"booking.created","timestamp":"2025-12-05T14:48:13.000000Z","data":{"id":"b1"}})");
    EXPECT_EQ(got.timestamp, "1764946093");
    EXPECT_EQ(got.id.find('.'), std::string::npos);
    const std::string head = world_.receiver.last_head();
    EXPECT_TRUE(head.starts_with("POST /hook HTTP/1.1\r\n")) << head;
    EXPECT_NE(head.find("\r\nContent-Type: application/json\r\n"), std::string::npos) << head;

    const Delivery delivery = only();
    EXPECT_EQ(delivery.status, DeliveryStatus::delivered);
    EXPECT_EQ(delivery.response_status, 204);
    EXPECT_EQ(delivery.attempts, 1);
    EXPECT_EQ(delivery.ended_at, world_.db.clock.now());
    EXPECT_EQ(delivery.message_id.text(), got.id);
}

TEST_P(SendingTest, TheLogShowsWhatWasSigned) {
    const auto made = world_.add_receiver();
    world_.receiver.answer_with(web::http_answer(500, "out of \xff order\r\n"));
    publish_and_drain();
    const Delivery delivery = only();
    const auto attempts = world_.attempts(delivery.id);
    ASSERT_EQ(attempts.size(), 1u);
    const std::string body = world_.write([&](Tx& tx) { return body_of(tx, delivery); });
    EXPECT_EQ(attempts[0].signature,
              signature_header({made.secret}, signed_content(delivery.message_id.text(),
                                                             attempts[0].timestamp_seconds, body)));
    EXPECT_EQ(attempts[0].response_status, 500);
    EXPECT_EQ(attempts[0].response_excerpt, "out of ? order?\n");
    EXPECT_EQ(attempts[0].error_class, "http_status");
    EXPECT_EQ(attempts[0].url, world_.receiver.url());
}

TEST_P(SendingTest, OnlyA2xxIsSuccess) {
    world_.add_receiver();
    const std::pair<int, const char*> answers[] = {{200, ""},
                                                   {201, ""},
                                                   {299, ""},
                                                   {301, "redirect"},
                                                   {304, "redirect"},
                                                   {307, "redirect"},
                                                   {400, "http_status"},
                                                   {404, "http_status"},
                                                   {500, "http_status"}};
    for (const auto& [status, error_class] : answers) {
        world_.receiver.answer_with(
            web::http_answer(status, "", "Location: " + world_.receiver.url() + "\r\n"));
        const auto before = calls();
        publish_and_drain();
        EXPECT_EQ(calls(), before + 1) << "a redirect is not followed";
        const Delivery delivery = world_.log()[0];
        EXPECT_EQ(delivery.error_class, error_class) << status;
        EXPECT_EQ(delivery.status == DeliveryStatus::delivered, *error_class == 0) << status;
        // So that the next event is a new one, and the newest.
        world_.write([](Tx& tx) {
            for (const auto& each : deliveries(tx, {}, {}).items) {
                tx.run("DELETE FROM webhook_attempts WHERE tenant_id = :tenant AND delivery_id = $1",
                       each.id);
                tx.run("DELETE FROM webhook_deliveries WHERE tenant_id = :tenant AND id = $1", each.id);
            }
        });
    }
}

TEST_P(SendingTest, TriesAgainByTheScheduleWithTheSameId) {
    world_.add_receiver();
    world_.receiver.answer_with(web::http_answer(500, ""));
    publish_and_drain();
    const std::int64_t seconds_after[] = {5, 300, 1800, 7200, 18'000, 36'000, 50'400, 72'000, 86'400};
    std::size_t expected_calls = 1;
    for (const std::int64_t delay : seconds_after) {
        ASSERT_EQ(calls(), expected_calls++) << delay;
        const auto wait = only().next_attempt_at->since(world_.db.clock.now());
        EXPECT_GE(wait, seconds(delay));
        EXPECT_LT(wait, microseconds(seconds(delay)) * 11 / 10);
        world_.run_for(wait);
    }
    EXPECT_EQ(calls(), 10u);
    EXPECT_EQ(only().status, DeliveryStatus::failed);
    EXPECT_EQ(only().attempts, 10);
    EXPECT_FALSE(only().next_attempt_at.has_value());
    world_.run_for(hours(48));
    EXPECT_EQ(calls(), 10u);
    for (const Received& each : world_.receiver.received()) {
        EXPECT_EQ(each.id, world_.receiver.received()[0].id);
        EXPECT_EQ(each.body, world_.receiver.received()[0].body);
    }
    EXPECT_NE(world_.receiver.received()[0].timestamp, world_.receiver.received()[1].timestamp);
}

TEST_P(SendingTest, HonoursRetryAfterAndPausesTheEndpoint) {
    const auto id = world_.add_receiver().endpoint.id;
    world_.receiver.answer_with(web::http_answer(429, "", "Retry-After: 120\r\n"));
    publish_and_drain();
    EXPECT_EQ(only().next_attempt_at, world_.db.clock.now().plus(seconds(120)));
    EXPECT_EQ(world_.endpoint(id).paused_until, world_.db.clock.now().plus(seconds(120)));

    world_.receiver.answer_with(web::http_answer(204, ""));
    publish_and_drain();
    EXPECT_EQ(calls(), 1u) << "the second delivery waits too";
    EXPECT_EQ(world_.log({.status = DeliveryStatus::pending}).size(), 2u);
    world_.run_for(seconds(125));
    EXPECT_EQ(calls(), 3u);
    for (const Delivery& each : world_.log()) EXPECT_EQ(each.status, DeliveryStatus::delivered);
    EXPECT_FALSE(world_.endpoint(id).paused_until.has_value());
    EXPECT_EQ(world_.endpoint(id).failures_in_a_row, 0);
    EXPECT_EQ(world_.log({.status = DeliveryStatus::delivered})[0].attempts, 1) << "waiting costs no attempt";
}

TEST_P(SendingTest, GoneDisablesTheEndpointAndTellsTheTenant) {
    const auto id = world_.add_receiver().endpoint.id;
    Receiver other;
    world_.add({.url = other.url(), .event_types = {"webhook_endpoint.*"}});
    world_.receiver.answer_with(web::http_answer(410, ""));
    publish_and_drain();
    EXPECT_FALSE(world_.endpoint(id).is_enabled);
    EXPECT_EQ(world_.endpoint(id).disabled_reason, DisabledReason::gone);
    EXPECT_EQ(world_.log({.endpoint_id = id})[0].status, DeliveryStatus::failed);
    ASSERT_EQ(other.received().size(), 1u);
    EXPECT_NE(other.received()[0].body.find(R"("type":"webhook_endpoint.disabled")"), std::string::npos);
    EXPECT_NE(other.received()[0].body.find(R"("reason":"gone")"), std::string::npos);
    publish_and_drain();
    EXPECT_EQ(calls(), 1u);
}

TEST_P(SendingTest, FiveDaysOfFailuresDisableTheEndpoint) {
    const auto id = world_.add_receiver().endpoint.id;
    world_.receiver.answer_with(web::http_answer(500, ""));
    publish_and_drain();
    world_.run_for(hours(24 * 4));
    EXPECT_EQ(world_.log()[0].status, DeliveryStatus::failed);
    EXPECT_TRUE(world_.endpoint(id).is_enabled);
    publish_and_drain();
    EXPECT_TRUE(world_.endpoint(id).is_enabled);
    world_.run_for(hours(48));
    EXPECT_FALSE(world_.endpoint(id).is_enabled);
    EXPECT_EQ(world_.endpoint(id).disabled_reason, DisabledReason::failing);
    EXPECT_EQ(world_.log({.status = DeliveryStatus::pending}).size(), 0u);
    const auto calls_before = calls();

    world_.receiver.answer_with(web::http_answer(200, ""));
    world_.write([&](Tx& tx) { change_endpoint(tx, id, {.is_enabled = true}, world_.rules); });
    EXPECT_FALSE(world_.endpoint(id).failing_since.has_value());
    const auto since = world_.db.clock.now().minus(hours(24 * 30));
    EXPECT_EQ(world_.write([&](Tx& tx) { return recover(tx, id, since); }), 2);
    world_.runner.drain();
    EXPECT_EQ(calls(), calls_before + 2);
    EXPECT_EQ(world_.log({.status = DeliveryStatus::delivered}).size(), 2u);
    EXPECT_EQ(world_.write([&](Tx& tx) { return recover(tx, id, since); }), 0);
}

TEST_P(SendingTest, ASuccessForgivesFailures) {
    const auto id = world_.add_receiver().endpoint.id;
    for (int day = 0; day < 8; ++day) {
        world_.receiver.answer_with(web::http_answer(500, ""));
        publish_and_drain();
        world_.receiver.answer_with(web::http_answer(200, ""));
        world_.run_for(hours(24));
    }
    EXPECT_TRUE(world_.endpoint(id).is_enabled);
}

TEST_P(SendingTest, ReplayGoesOutAtOnceUnderTheSameId) {
    const auto id = world_.add_receiver().endpoint.id;
    publish_and_drain();
    const Delivery first = only();
    world_.write([&](Tx& tx) { return replay(tx, first.id); });
    world_.runner.drain();
    ASSERT_EQ(calls(), 2u);
    EXPECT_EQ(world_.receiver.received()[1].id, first.message_id.text());
    EXPECT_EQ(world_.attempts(first.id).size(), 2u);
    EXPECT_EQ(only().status, DeliveryStatus::delivered);

    world_.receiver.answer_with(web::http_answer(500, ""));
    publish_and_drain();
    const Delivery waiting = world_.log({.status = DeliveryStatus::pending}).at(0);
    world_.write([&](Tx& tx) { return replay(tx, waiting.id); });
    world_.runner.drain();
    EXPECT_EQ(calls(), 4u) << "what waits is attempted now";

    world_.write([&](Tx& tx) { change_endpoint(tx, id, {.is_enabled = false}, world_.rules); });
    EXPECT_THROW(world_.write([&](Tx& tx) { return replay(tx, first.id); }), Failure);
    EXPECT_THROW(world_.write([&](Tx& tx) { return send_test(tx, id); }), Failure);
    world_.run_for(hours(1));
    EXPECT_EQ(calls(), 4u);
    EXPECT_EQ(world_.log({.status = DeliveryStatus::failed}).at(0).error_class, "disabled");
}

TEST_P(SendingTest, ATestEventGoesToOneEndpointWhateverItWants) {
    const auto made = world_.add({.url = world_.receiver.url(), .event_types = {"loan.paid"}});
    world_.add_receiver();
    const auto delivery = world_.write([&](Tx& tx) { return send_test(tx, made.endpoint.id); });
    world_.runner.drain();
    ASSERT_EQ(calls(), 1u);
    EXPECT_TRUE(is_genuine(world_.receiver.received()[0], made.secret, world_.db.clock.now()));
    EXPECT_EQ(world_.log()[0].id, delivery.id);
    EXPECT_EQ(world_.log()[0].event_type, "webhook.test");
}

TEST_P(SendingTest, AnOrderedEndpointGetsTheEventsOfOneThingInOrder) {
    world_.add({.url = world_.receiver.url(), .is_ordered = true});
    world_.receiver.answer_with(web::http_answer(500, ""));
    publish_and_drain("booking.created");
    world_.db.clock.advance(seconds(1));
    publish_and_drain("booking.confirmed");
    world_.publish("booking.created", "b2");
    world_.runner.drain();
    const auto types = [&] {
        std::vector<std::string> found;
        for (const Received& each : world_.receiver.received()) {
            const auto body = json::parse(each.body);
            found.push_back(body.find("type")->text_or_empty() + " " + body.at("data.id")->text_or_empty());
        }
        return found;
    };
    EXPECT_EQ(types(), (std::vector<std::string>{"booking.created b1", "booking.created b2"}));
    world_.receiver.answer_with(web::http_answer(200, ""));
    world_.run_for(minutes(1));
    auto all = types();
    const auto first = std::find(all.begin() + 2, all.end(), "booking.created b1");
    const auto second = std::find(all.begin() + 2, all.end(), "booking.confirmed b1");
    ASSERT_NE(second, all.end());
    EXPECT_LT(first, second);
    EXPECT_EQ(all.size(), 5u);
    EXPECT_EQ(world_.log({.status = DeliveryStatus::delivered}).size(), 3u);
}

TEST_P(SendingTest, ARemovedEndpointGetsNothingMore) {
    const auto id = world_.add_receiver().endpoint.id;
    world_.receiver.answer_with(web::http_answer(500, ""));
    publish_and_drain();
    world_.write([&](Tx& tx) { remove_endpoint(tx, id); });
    world_.run_for(minutes(10));
    EXPECT_EQ(calls(), 1u);
    EXPECT_EQ(only().error_class, "removed");
    EXPECT_EQ(only().status, DeliveryStatus::failed);
}

TEST_P(SendingTest, ConnectsNowhereInsideWhenTheRulesBecomeStricter) {
    world_.add_receiver();
    world_.handlers = {};
    handle_webhooks(world_.handlers, world_.keyring, world_.web, {});
    publish_and_drain();
    EXPECT_EQ(calls(), 0u);
    EXPECT_EQ(only().error_class, "url_refused");
    EXPECT_EQ(world_.attempts(only().id).size(), 1u);
}

TEST_P(SendingTest, ForgetsWhatIsLongOver) {
    world_.add_receiver();
    publish_and_drain();
    world_.run_for(hours(24 * 89));
    EXPECT_EQ(world_.log().size(), 1u);
    world_.run_for(hours(48));
    EXPECT_EQ(world_.log().size(), 0u);
    EXPECT_EQ(world_.write([](Tx& tx) {
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM webhook_messages WHERE tenant_id = :tenant");
    }),
              0);
}

INSTANTIATE_TEST_SUITE_P(Engines, SendingTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

TEST(Answer, TellsWhatIsOverloadedFromWhatIsBroken) {
    const std::pair<web::Transport, bool> transports[] = {{web::Transport::timed_out, true},
                                                          {web::Transport::refused, true},
                                                          {web::Transport::unresolved, true},
                                                          {web::Transport::tls, false},
                                                          {web::Transport::forbidden_address, false},
                                                          {web::Transport::too_large, false},
                                                          {web::Transport::broken, false},
                                                          {web::Transport::malformed, false}};
    for (const auto& [transport, is_overloaded] : transports) {
        web::WebResponse response;
        response.outcome.transport = transport;
        const Answer answer = answer_of(response, {});
        EXPECT_FALSE(answer.is_success()) << answer.error_class;
        EXPECT_EQ(answer.is_overloaded(), is_overloaded) << answer.error_class;
    }
    for (const int status : {200, 410, 429, 500, 501, 502, 503, 504}) {
        web::WebResponse response;
        response.status = status;
        const bool expected = status == 429 || (status >= 502 && status <= 504);
        EXPECT_EQ(answer_of(response, {}).is_overloaded(), expected) << status;
    }
}

TEST(Answer, ARetryAfterIsAtMostADay) {
    web::WebResponse response;
    response.status = 503;
    response.headers = {{"Retry-After", "99999999"}};
    EXPECT_EQ(answer_of(response, {}).retry_after, seconds(86'400));
}

TEST(Pause, DoublesFromFiveSecondsToFiveMinutes) {
    const std::pair<std::int64_t, std::int64_t> cases[] = {{1, 5},   {2, 10},  {3, 20},    {6, 160},
                                                           {7, 300}, {8, 300}, {1000, 300}};
    for (const auto& [failures, expected] : cases) EXPECT_EQ(pause_after(failures), seconds(expected));
}

}  // namespace
}  // namespace pamoja::webhooks
