#include "connectors/sms/sms_gateway.hpp"

#include <gtest/gtest.h>

#include "connectors/web/testing/loopback_server.hpp"

namespace pamoja::sms {
namespace {

class SmsGatewayTest : public ::testing::Test {
  protected:
    Delivery send(const std::string& answer) {
        answer_ = answer;
        return SmsGateway(
                   {.base_url = server_.url(), .username = "pamoja", .api_key = "key", .sender = "PAMOJA"},
                   web_)
            .send("+254700123456", "Habari & karibu: 50%");
    }

    std::string answer_;
    std::string request_;
    web::LoopbackServer server_{web::LoopbackServer::http([this](const std::string& request) {
        request_ = request;
        return answer_;
    })};
    web::WebClient web_;
};

std::string recipient(std::string_view status_code, std::string_view status) {
    return R"({"SMSMessageData":{"Message":"Sent to 1/1 Total Cost: KES 0.8000",)"
           R"("Recipients":[{"statusCode":)" +
           std::string(status_code) + R"(,"number":"+254700123456","status":")" + std::string(status) +
           R"(","cost":"KES 0.8000","messageId":"ATPid_1"}]}})";
}

TEST_F(SmsGatewayTest, SendsOneMessageAsAForm) {
    const auto delivery = send(web::http_answer(201, recipient("101", "Success")));
    EXPECT_EQ(delivery.kind, DeliveryKind::delivered);
    EXPECT_EQ(delivery.message_id, "ATPid_1");
    EXPECT_EQ(delivery.status_code, 101);
    EXPECT_EQ(delivery.cost, "KES 0.8000");
    EXPECT_TRUE(request_.starts_with("POST /version1/messaging HTTP/1.1\r\n")) << request_;
    EXPECT_NE(request_.find("apiKey: key\r\n"), std::string::npos);
    EXPECT_NE(request_.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
    EXPECT_TRUE(request_.ends_with(
        "\r\n\r\nusername=pamoja&to=%2B254700123456&message=Habari+%26+karibu%3A+50%25&from=PAMOJA"))
        << request_;
}

TEST_F(SmsGatewayTest, TellsWhatPassesFromWhatDoesNot) {
    const std::pair<std::string, DeliveryKind> cases[] = {
        {web::http_answer(201, recipient("100", "Processed")), DeliveryKind::delivered},
        {web::http_answer(201, recipient("102", "Queued")), DeliveryKind::delivered},
        {web::http_answer(201, recipient("403", "InvalidPhoneNumber")), DeliveryKind::permanent},
        {web::http_answer(201, recipient("406", "UserInBlacklist")), DeliveryKind::permanent},
        {web::http_answer(201, recipient("405", "InsufficientBalance")), DeliveryKind::temporary},
        {web::http_answer(201, recipient("500", "InternalServerError")), DeliveryKind::temporary},
        {web::http_answer(201, R"({"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}})"),
         DeliveryKind::permanent},
        {web::http_answer(401, "The supplied authentication is invalid"), DeliveryKind::temporary},
        {web::http_answer(429, ""), DeliveryKind::temporary},
        {web::http_answer(400, ""), DeliveryKind::permanent},
        {web::http_answer(500, ""), DeliveryKind::unknown},
        {web::http_answer(302, ""), DeliveryKind::unknown},
        {web::http_answer(201, ""), DeliveryKind::unknown},
        {web::http_answer(201, "<html>"), DeliveryKind::unknown},
        {web::http_answer(201, R"({"SMSMessageData":{"Recipients":[{}]}})"), DeliveryKind::unknown},
        {web::http_answer(201, recipient("99999999999", "Success")), DeliveryKind::unknown},
        {"", DeliveryKind::unknown},
    };
    for (const auto& [answer, kind] : cases) EXPECT_EQ(send(answer).kind, kind) << answer;
}

TEST_F(SmsGatewayTest, KeepsAMessageThatWasNeverSent) {
    std::string url;
    {
        const web::LoopbackServer gone([](web::LoopbackServer::Peer&) {});
        url = gone.url();
    }
    EXPECT_EQ(SmsGateway({.base_url = url, .username = "pamoja", .api_key = "key"}, web_)
                  .send("+254700123456", "x")
                  .kind,
              DeliveryKind::temporary);
}

}  // namespace
}  // namespace pamoja::sms
