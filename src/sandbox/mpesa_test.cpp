#include <gmock/gmock.h>

#include <set>

#include "connectors/mpesa/callback.hpp"
#include "sandbox/testing/world.hpp"

namespace pamoja::sandbox {
namespace {

using pamoja::mpesa::AnswerKind;
using pamoja::mpesa::Daraja;
using pamoja::mpesa::ResultMeaning;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

Money shillings(std::int64_t amount) {
    return {amount * 100, Currency("KES")};
}

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
    // What moved, as "in 250.00, out 1200.00".
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

TEST_F(MpesaTest, TellsOfAPushThatIsPaid) {
    const auto accepted = push();
    ASSERT_EQ(accepted.kind, AnswerKind::accepted) << accepted.raw;
    EXPECT_THAT(accepted.accepted.checkout_request_id, MatchesRegex("ws_CO_02012026133015[0-9]{12}"));

    const auto posted = world_.receiver.next();
    EXPECT_EQ(posted.path, "/stk");
    const auto callback = mpesa::parse_stk_callback(posted.body);
    EXPECT_TRUE(callback.succeeded());
    EXPECT_EQ(callback.checkout_request_id, accepted.accepted.checkout_request_id);
    EXPECT_EQ(callback.merchant_request_id, accepted.accepted.merchant_request_id);
    EXPECT_EQ(callback.amount, shillings(250));
    EXPECT_THAT(callback.receipt, MatchesRegex("UA2[0-9A-Z]{7}"));
    EXPECT_THAT(posted.body, HasSubstr(R"("ResultCode":0,)"));
    EXPECT_THAT(posted.body, HasSubstr(R"({"Name":"Amount","Value":250.00})"));
    EXPECT_THAT(posted.body, HasSubstr(R"({"Name":"TransactionDate","Value":20260102133015})"));
    EXPECT_THAT(posted.body, HasSubstr(R"({"Name":"PhoneNumber","Value":254700123456})"));

    const auto query = daraja_.stk_query(accepted.accepted.checkout_request_id);
    EXPECT_TRUE(query.is_accepted());
    EXPECT_THAT(query.raw, HasSubstr(R"("ResultCode":"0")"));
    EXPECT_EQ(moved(), "in 250");
}

TEST_F(MpesaTest, TellsOfAPushThatIsNotPaid) {
    const struct {
        const char* outcome;
        const char* code;
    } cases[]{{"cancelled", "1032"}, {"insufficient_funds", "1"}, {"wrong_pin", "2001"}, {"timeout", "1037"}};
    for (const auto& each : cases) {
        next(each.outcome, R"(,"delay_ms":0)");
        const auto accepted = push();
        ASSERT_TRUE(accepted.is_accepted());
        const auto posted = world_.receiver.next();
        const auto callback = mpesa::parse_stk_callback(posted.body);
        EXPECT_EQ(callback.result_code, each.code);
        EXPECT_THAT(posted.body, Not(HasSubstr("CallbackMetadata")));
        EXPECT_EQ(daraja_.stk_query(accepted.accepted.checkout_request_id).accepted.result_code, each.code);
    }
    EXPECT_EQ(moved(), "");
}

}  // namespace
}  // namespace pamoja::sandbox
