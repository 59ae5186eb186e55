#include <gmock/gmock.h>

#include "connectors/mail/mailer.hpp"
#include "connectors/push/push_gateway.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "crypto/signing_key.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/testing/world.hpp"

namespace pamoja::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts_of(const json::Value& answer, std::string_view field) {
    std::vector<std::string> texts;
    for (const json::Value& message : *answer.find("messages")->array()) {
        texts.push_back(message.find(field)->text_or_empty());
    }
    return texts;
}

class MessagesTest : public testing::Test {
  protected:
    mail::Mailer mailer(const std::string& username = "") {
        return mail::Mailer({.port = world_.sandbox.smtp_port(),
                             .username = username,
                             .password = "secret",
                             .from = {.address = "noreply@pamoja.example", .name = "Pamoja"}},
                            world_.clock, world_.random);
    }
    World world_;
};

TEST_F(MessagesTest, ShowsWhatWasMailed) {
    auto sender = mailer();
    ASSERT_EQ(sender
                  .send({.to = {.address = "ann@example.com", .name = "Ann Wanjikũ"},
                         .subject = "Karibu – your code is here, and it is a rather long subject for a mail",
                         .text = "Your code is 123456.\n.\n..dots\n",
                         .html = "<p>Your code is <b>123456</b> – ok?</p>"})
                  .kind,
              mail::DeliveryKind::delivered);
    ASSERT_EQ(sender.send({.to = {.address = "ann@example.com"}, .subject = "Second", .text = "Plain"}).kind,
              mail::DeliveryKind::delivered);
    ASSERT_EQ(sender.send({.to = {.address = "bob@example.com"}, .subject = "Third", .text = "Other"}).kind,
              mail::DeliveryKind::delivered);

    const auto answer = world_.get_json("/control/messages?channel=email&to=ann@example.com");
    EXPECT_THAT(
        texts_of(answer, "subject"),
        ElementsAre("Second", "Karibu – your code is here, and it is a rather long subject for a mail"));
    EXPECT_EQ(texts_of(answer, "html").at(1), "<p>Your code is <b>123456</b> – ok?</p>");
    EXPECT_THAT(texts_of(answer, "text").at(1), HasSubstr("Your code is 123456.\n.\n..dots"));
    EXPECT_THAT(texts_of(answer, "html").at(0), "");
    EXPECT_EQ(texts_of(world_.get_json("/control/messages"), "subject").size(), 3u);
    EXPECT_TRUE(texts_of(world_.get_json("/control/messages?channel=sms"), "subject").empty());
    EXPECT_TRUE(texts_of(world_.get_json("/control/messages?to=ann@example.co"), "subject").empty());
    // By the machine's clock, not by the one that the test holds in January 2026.
    EXPECT_GT(texts_of(answer, "at").at(0), "2026-01-03");
}

TEST_F(MessagesTest, TakesManyMailsAtOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> delivered_count{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([this, &delivered_count] {
            auto sender = mailer();
            for (int j = 0; j < 10; ++j) {
                const auto delivery =
                    sender.send({.to = {.address = "ann@example.com"}, .subject = "S", .text = "T"});
                if (delivery.kind == mail::DeliveryKind::delivered) ++delivered_count;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(delivered_count, 80);
    EXPECT_EQ(texts_of(world_.get_json("/control/messages?to=ann@example.com"), "text").size(), 80u);
}

TEST_F(MessagesTest, ShowsWhatWasTexted) {
    sms::SmsGateway gateway({.base_url = world_.sandbox.url(), .username = "sandbox", .api_key = "key"},
                            world_.web);
    const auto delivery = gateway.send("+254700123456", "Your code is 123456 – keep it & smile+");
    EXPECT_EQ(delivery.kind, sms::DeliveryKind::delivered);
    EXPECT_EQ(delivery.status_code, 101);
    EXPECT_EQ(gateway.send("+25", "x").kind, sms::DeliveryKind::permanent);
    const auto answer = world_.get_json("/control/messages?channel=sms&to=%2B254700123456");
    EXPECT_THAT(texts_of(answer, "text"), ElementsAre("Your code is 123456 – keep it & smile+"));
    EXPECT_EQ(texts_of(world_.get_json("/control/messages?channel=sms&to=+254700123456"), "text").size(), 1u);

    sms::SmsGateway stranger({.base_url = world_.sandbox.url(), .username = "sandbox"}, world_.web);
    EXPECT_EQ(stranger.send("+254700123456", "x").detail, "HTTP 401");
}

TEST_F(MessagesTest, KeepsWhatOurPushGatewaySends) {
    auto config = push::read_service_account(world_.sandbox.push_service_account());
    config.base_url = world_.sandbox.url();
    push::PushGateway gateway(config, world_.web, world_.clock);
    const auto delivery = gateway.send("device-1", {.title = "Booked", .text = "Karibu", .data = {}});
    EXPECT_EQ(delivery.kind, push::DeliveryKind::taken) << delivery.detail;
    EXPECT_TRUE(delivery.message_name.starts_with("projects/pamoja-sandbox/messages/"));
    const auto answer = world_.get_json("/control/messages?channel=push&to=device-1");
    EXPECT_THAT(texts_of(answer, "subject"), ElementsAre("Booked"));
    EXPECT_THAT(texts_of(answer, "text"), ElementsAre("Karibu"));

    const auto next = [&](const std::string& instruction) {
        EXPECT_EQ(world_.post("/control/push/next", instruction).status, 200);
        return gateway.send("device-1", {.title = "", .text = "x", .data = {}});
    };
    EXPECT_EQ(next(R"({"token":"device-1","outcome":"unregistered"})").kind,
              push::DeliveryKind::unregistered);
    const auto limited = next(R"({"token":"device-1","outcome":"quota_exceeded","retry_after_seconds":7})");
    EXPECT_EQ(limited.kind, push::DeliveryKind::temporary);
    EXPECT_EQ(limited.retry_after, std::chrono::seconds(7));
    EXPECT_EQ(next(R"({"token":"device-1","outcome":"invalid_argument"})").kind,
              push::DeliveryKind::permanent);
    EXPECT_EQ(gateway.send("device-1", {.title = "", .text = "y", .data = {}}).kind,
              push::DeliveryKind::taken);
    EXPECT_EQ(world_.post("/control/push/next", R"({"token":"","outcome":"lost"})").status, 422);

    // An hour later the token is over, and one is fetched by itself.
    world_.clock.advance(std::chrono::hours(2));
    EXPECT_EQ(gateway.send("device-1", {.title = "", .text = "z", .data = {}}).kind,
              push::DeliveryKind::taken);
}

TEST_F(MessagesTest, TakesPushesOfItsServiceAccountOnly) {
    auto config = push::read_service_account(world_.get("/control/push/service_account").body);
    config.base_url = world_.sandbox.url();
    auto stranger = config;
    stranger.private_key_pem =
        crypto::SigningKeys::generate(crypto::SigningAlgorithm::rs256, world_.random).pem();
    push::PushGateway strange(stranger, world_.web, world_.clock);
    EXPECT_EQ(strange.send("device-1", {}).detail, "access token: HTTP 400");
    EXPECT_EQ(world_.post("/v1/projects/pamoja-sandbox/messages:send", R"({"message":{"token":"x"}})").status,
              401);
    auto elsewhere = config;
    elsewhere.project_id = "another";
    push::PushGateway other(elsewhere, world_.web, world_.clock);
    EXPECT_EQ(other.send("device-1", {}).kind, push::DeliveryKind::permanent);
    EXPECT_TRUE(texts_of(world_.get_json("/control/messages?channel=push"), "text").empty());
}

TEST_F(MessagesTest, KnowsItsChannels) {
    EXPECT_EQ(world_.get("/control/messages?channel=pigeon").status, 422);
    EXPECT_EQ(world_.get("/control/messages?channel=push").status, 200);
}

TEST(Inbox, KeepsTheLastMessages) {
    Inbox inbox(2);
    for (const char* text : {"one", "two", "three"}) {
        inbox.add({.channel = Channel::sms, .to = "+254700123456", .subject = "", .text = text, .html = ""});
    }
    const auto found = inbox.find("sms", "+254700123456");
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].text, "three");
    EXPECT_EQ(found[1].text, "two");
}

}  // namespace
}  // namespace pamoja::sandbox
