#pragma once
#include <gmock/gmock.h>

#include "connectors/mpesa/callback.hpp"
#include "crypto/base64.hpp"
#include "sandbox/testing/world.hpp"

namespace pamoja::sandbox {

using pamoja::mpesa::AnswerKind;
using pamoja::mpesa::Daraja;

inline Money shillings(std::int64_t amount) {
    return {amount * 100, Currency("KES")};
}

// A test that pays and is paid over M-Pesa.
class MpesaTest : public testing::Test {
  protected:
    mpesa::Answer<mpesa::PushAccepted> push(const std::string& phone = "0700123456",
                                            Money amount = shillings(250)) {
        return daraja_.stk_push({.amount = amount,
                                 .phone = phone,
                                 .account_reference = "LOAN-17",
                                 .description = "Repayment",
                                 .callback_url = world_.receiver.url("/stk")});
    }
    mpesa::Answer<mpesa::CommandAccepted> pay_out(const std::string& id = "pamoja-1",
                                                  const std::string& phone = "0700123456",
                                                  Money amount = shillings(1200)) {
        return daraja_.b2c({.originator_conversation_id = id,
                            .amount = amount,
                            .phone = phone,
                            .remarks = "Loan",
                            .occasion = "Disbursement",
                            .result_url = world_.receiver.url("/result"),
                            .timeout_url = world_.receiver.url("/timeout")});
    }
    // The status of a payout, as it is posted.
    mpesa::StatusResult status_of(const std::string& conversation_id) {
        EXPECT_TRUE(daraja_
                        .transaction_status({.original_conversation_id = conversation_id,
                                             .result_url = world_.receiver.url("/status"),
                                             .timeout_url = world_.receiver.url("/timeout")})
                        .is_accepted());
        const auto callback = world_.receiver.next();
        EXPECT_EQ(callback.path, "/status");
        return mpesa::parse_status_result(callback.body);
    }
    void next(const std::string& outcome, const std::string& more = "",
              const std::string& phone = "+254700123456") {
        const auto response =
            world_.post("/control/mpesa/next",
                        R"({"phone":")" + phone + R"(","outcome":")" + outcome + "\"" + more + "}");
        ASSERT_EQ(response.status, 200) << response.body;
    }
    std::string token() {
        const auto answer =
            world_.web.call({.url = world_.sandbox.url() + "/oauth/v1/generate?grant_type=client_credentials",
                             .headers = {{"Authorization", "Basic " + crypto::to_base64("key:secret")}},
                             .reach = web::Reach::anywhere});
        return json::parse(answer.body).find("access_token")->text_or_empty();
    }
    // What moved, as "in 250, out 1200".
    std::string moved() {
        const auto statement = world_.get_json("/control/mpesa/statement");
        std::string text;
        for (const json::Value& entry : *statement.find("entries")->array()) {
            if (!text.empty()) text += ", ";
            text += entry.find("direction")->text_or_empty() + " " + entry.find("amount")->text_or_empty();
        }
        return text;
    }

    World world_;
    Daraja daraja_{world_.daraja_config(), world_.web, world_.clock};
};

}  // namespace pamoja::sandbox
