#include "connectors/push/push_gateway.hpp"

#include <gtest/gtest.h>

#include "connectors/web/testing/loopback_server.hpp"
#include "crypto/base64.hpp"
#include "crypto/signing_key.hpp"
#include "json/writer.hpp"

namespace pamoja::push {
namespace {

const crypto::SigningKeys& service_key() {
    static SystemRandom random;
    static const auto keys = crypto::SigningKeys::generate(crypto::SigningAlgorithm::rs256, random);
    return keys;
}

std::string refusal(int status, std::string_view code, std::string_view headers = "") {
    return web::http_answer(
        status,
        R"({"error":{"code":1,"message":"no","status":"GENERAL","details":[{"@type":"type.googleapis.com/)"
        R"(google.firebase.fcm.v1.FcmError","errorCode":")" +
            std::string(code) + R"("}]}})",
        headers);
}

class PushGatewayTest : public ::testing::Test {
  protected:
    PushGatewayTest() : gateway_(config(), web_, clock_) {}

    PushConfig config() const {
        return {.base_url = server_.url(""),
                .token_url = server_.url("/token"),
                .project_id = "acme",
                .client_email = "push@acme.example",
                .private_key_id = "key-1",
                .private_key_pem = service_key().pem()};
    }
    std::string answer_to(const std::string& request) {
        if (!request.starts_with("POST /token ")) {
            request_ = request;
            return answer_;
        }
        ++token_requests_;
        token_request_ = request;
        return token_answer_;
    }
    Delivery send(const std::string& answer) {
        answer_ = answer;
        return gateway_.send("device-1", {.title = "Booked", .text = "Karibu", .data = {{"id", "n1"}}});
    }

    std::string answer_ = web::http_answer(200, R"({"name":"projects/acme/messages/1"})");
    std::string token_answer_ =
        web::http_answer(200, R"({"access_token":"t1","expires_in":3600,"token_type":"Bearer"})");
    std::string request_;
    std::string token_request_;
    int token_requests_ = 0;
    ManualClock clock_{Timestamp::from_seconds(1'764'946'093)};
    web::LoopbackServer server_{
        web::LoopbackServer::http([this](const std::string& request) { return answer_to(request); })};
    web::WebClient web_;
    PushGateway gateway_;
};

TEST_F(PushGatewayTest, SendsOneNotice) {
    const auto delivery = send(answer_);
    EXPECT_EQ(delivery.kind, DeliveryKind::taken);
    EXPECT_EQ(delivery.message_name, "projects/acme/messages/1");
    EXPECT_TRUE(request_.starts_with("POST /v1/projects/acme/messages:send HTTP/1.1\r\n")) << request_;
    EXPECT_NE(request_.find("Authorization: Bearer t1\r\n"), std::string::npos);
    EXPECT_TRUE(request_.ends_with(
        "\r\n\r\n"
        R"({"message":{"token":"device-1","notification":{"title":"Booked","body":"Karibu"},)"
        R"("data":{"id":"n1"}}})"))
        << request_;
}

TEST_F(PushGatewayTest, ProvesItselfWithTheServiceAccountsKey) {
    send(answer_);
    const auto body = token_request_.substr(token_request_.find("\r\n\r\n") + 4);
    constexpr std::string_view begin =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    ASSERT_TRUE(body.starts_with(begin)) << body;
    const std::string assertion = body.substr(begin.size());
    const auto first = assertion.find('.');
    const auto second = assertion.rfind('.');
    EXPECT_EQ(crypto::from_base64url(assertion.substr(0, first)),
              R"({"alg":"RS256","typ":"JWT","kid":"key-1"})");
    EXPECT_EQ(crypto::from_base64url(assertion.substr(first + 1, second - first - 1)),
              R"({"iss":"push@acme.example","scope":"https://www.googleapis.com/auth/firebase.messaging",)"
              R"("aud":")" +
                  server_.url("/token") + R"(","iat":1764946093,"exp":1764949693})");
    EXPECT_TRUE(service_key().verify(service_key().current_id(), "RS256", assertion.substr(0, second),
                                     *crypto::from_base64url(assertion.substr(second + 1))));
}

TEST_F(PushGatewayTest, KeepsItsTokenUntilAMinuteBeforeTheEnd) {
    for (int i = 0; i < 3; ++i) send(answer_);
    EXPECT_EQ(token_requests_, 1);
    clock_.advance(std::chrono::seconds(3'539));
    send(answer_);
    EXPECT_EQ(token_requests_, 1);
    clock_.advance(std::chrono::seconds(1));
    send(answer_);
    EXPECT_EQ(token_requests_, 2);
    EXPECT_EQ(send(refusal(401, "UNAUTHENTICATED")).kind, DeliveryKind::temporary);
    send(answer_);
    EXPECT_EQ(token_requests_, 3) << "a token that was refused is fetched anew";
}

TEST_F(PushGatewayTest, TellsWhatPassesFromWhatDoesNot) {
    const std::pair<std::string, DeliveryKind> cases[] = {
        {refusal(404, "UNREGISTERED"), DeliveryKind::unregistered},
        {refusal(400, "INVALID_ARGUMENT"), DeliveryKind::permanent},
        {refusal(403, "SENDER_ID_MISMATCH"), DeliveryKind::permanent},
        {refusal(429, "QUOTA_EXCEEDED"), DeliveryKind::temporary},
        {refusal(500, "INTERNAL"), DeliveryKind::temporary},
        {refusal(503, "UNAVAILABLE"), DeliveryKind::temporary},
        {refusal(401, "THIRD_PARTY_AUTH_ERROR"), DeliveryKind::temporary},
        {web::http_answer(502, "<html>"), DeliveryKind::temporary},
        {web::http_answer(404, "<html>"), DeliveryKind::permanent},
        {web::http_answer(302, ""), DeliveryKind::unknown},
        {web::http_answer(200, "<html>"), DeliveryKind::unknown},
        {web::http_answer(200, R"({"name":""})"), DeliveryKind::unknown},
        {"", DeliveryKind::unknown}};
    for (const auto& [answer, kind] : cases) EXPECT_EQ(send(answer).kind, kind) << answer;
}

TEST_F(PushGatewayTest, WaitsAsLongAsItIsAsked) {
    EXPECT_EQ(send(refusal(429, "QUOTA_EXCEEDED", "Retry-After: 17\r\n")).retry_after,
              std::chrono::seconds(17));
    EXPECT_EQ(send(refusal(429, "QUOTA_EXCEEDED")).retry_after, std::chrono::seconds(60));
    EXPECT_EQ(send(refusal(503, "UNAVAILABLE", "Retry-After: 5\r\n")).retry_after, std::chrono::seconds(5));
    EXPECT_FALSE(send(refusal(503, "UNAVAILABLE")).retry_after.has_value());
    EXPECT_FALSE(send(refusal(404, "UNREGISTERED", "Retry-After: 5\r\n")).retry_after.has_value());
}

TEST_F(PushGatewayTest, TriesAgainWhenThereIsNoToken) {
    for (const std::string& answer :
         {web::http_answer(400, R"({"error":"invalid_grant"})"), web::http_answer(200, "{}"),
          web::http_answer(200, "<html>"), std::string()}) {
        token_answer_ = answer;
        EXPECT_EQ(send(answer_).kind, DeliveryKind::temporary) << answer;
    }
    EXPECT_TRUE(request_.empty()) << "nothing is sent without a token";
}

TEST(ServiceAccount, IsReadFromItsFile) {
    json::Writer file;
    file.begin_object();
    file.member("project_id", "acme");
    file.member("client_email", "push@acme.example");
    file.member("private_key_id", "key-1");
    file.member("private_key", "-----BEGIN");
    file.member("token_uri", "https://example.com/token");
    file.end_object();
    const auto config = read_service_account(file.text());
    EXPECT_EQ(config.project_id, "acme");
    EXPECT_EQ(config.private_key_id, "key-1");
    EXPECT_EQ(config.token_url, "https://example.com/token");
    EXPECT_EQ(config.base_url, "https://fcm.googleapis.com");
    for (const char* text : {"", "{}", "[]", R"({"project_id":"acme"})"})
        EXPECT_THROW(read_service_account(text), std::runtime_error) << text;
}

TEST(PushGateway, WithoutAProjectSendsNothing) {
    web::WebClient web;
    SystemClock clock;
    PushGateway gateway({}, web, clock);
    EXPECT_FALSE(gateway.is_configured());
    EXPECT_EQ(gateway.send("device", {}).kind, DeliveryKind::permanent);
}

}  // namespace
}  // namespace pamoja::push
