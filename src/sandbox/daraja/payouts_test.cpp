#include <set>

#include "crypto/rsa.hpp"
#include "sandbox/daraja/certificate.hpp"
#include "sandbox/testing/mpesa_world.hpp"

namespace pamoja::sandbox {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(MpesaTest, PaysOutAndTells) {
    const auto accepted = pay_out("pamoja-1");
    ASSERT_TRUE(accepted.is_accepted()) << accepted.raw;
    EXPECT_EQ(accepted.accepted.originator_conversation_id, "pamoja-1");
    EXPECT_TRUE(accepted.accepted.conversation_id.starts_with("AG_20260102_"));

    const auto posted = world_.receiver.next();
    EXPECT_EQ(posted.path, "/result");
    const auto result = mpesa::parse_b2c_result(posted.body);
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.originator_conversation_id, "pamoja-1");
    EXPECT_EQ(result.conversation_id, accepted.accepted.conversation_id);
    EXPECT_EQ(result.amount, shillings(1200));
    EXPECT_EQ(result.receipt, result.transaction_id);
    EXPECT_TRUE(result.receiver_name.starts_with("254700123456 - "));
    EXPECT_EQ(result.parameter("TransactionCompletedDateTime"), "02.01.2026 13:30:15");
    EXPECT_EQ(result.utility_funds, shillings(1'000'000'000 - 1200));
    EXPECT_EQ(moved(), "out 1200");

    const auto status = status_of("pamoja-1");
    EXPECT_TRUE(status.is_completed());
    EXPECT_EQ(status.receipt, result.receipt);
    EXPECT_EQ(status.amount, shillings(1200));
    EXPECT_EQ(status.original_conversation_id, "pamoja-1");
}

TEST_F(MpesaTest, TellsOfAPayoutThatFails) {
    const struct {
        const char* outcome;
        const char* code;
    } cases[]{{"cancelled", "1032"}, {"insufficient_funds", "1"}, {"wrong_pin", "2001"}};
    for (const auto& each : cases) {
        next(each.outcome, R"(,"delay_ms":0)");
        ASSERT_TRUE(pay_out(each.outcome).is_accepted());
        const auto posted = world_.receiver.next();
        EXPECT_EQ(posted.path, "/result");
        EXPECT_EQ(mpesa::parse_b2c_result(posted.body).result_code, each.code);
        EXPECT_THAT(posted.body, Not(HasSubstr("ResultParameters")));
        const auto status = status_of(each.outcome);
        EXPECT_TRUE(status.succeeded());
        EXPECT_EQ(status.transaction_status, "Failed");
    }
    EXPECT_EQ(moved(), "");
}

TEST_F(MpesaTest, TellsTheTimeOutUrlOfAPayoutThatExpires) {
    next("timeout", R"(,"delay_ms":0)");
    ASSERT_TRUE(pay_out("pamoja-1").is_accepted());
    const auto posted = world_.receiver.next();
    EXPECT_EQ(posted.path, "/timeout");
    EXPECT_EQ(mpesa::parse_timeout(posted.body).originator_conversation_id, "pamoja-1");
    EXPECT_EQ(status_of("pamoja-1").transaction_status, "Expired");
    EXPECT_EQ(moved(), "");
}

TEST_F(MpesaTest, PaysOutLateAfterATimeOut) {
    next("late_callback", R"(,"delay_ms":300)");
    ASSERT_TRUE(pay_out("pamoja-1").is_accepted());
    EXPECT_EQ(world_.receiver.next().path, "/timeout");
    const auto posted = world_.receiver.next();
    EXPECT_EQ(posted.path, "/result");
    EXPECT_TRUE(mpesa::parse_b2c_result(posted.body).succeeded());
    EXPECT_EQ(moved(), "out 1200");
}

TEST_F(MpesaTest, KnowsAPayoutThatNobodyWasToldOf) {
    next("no_callback", R"(,"delay_ms":0)");
    ASSERT_TRUE(pay_out("pamoja-1").is_accepted());
    const auto status = status_of("pamoja-1");  // the first that is posted at all
    EXPECT_TRUE(status.is_completed());
    EXPECT_EQ(status.receipt.size(), 10u);
    EXPECT_EQ(moved(), "out 1200");
}

TEST_F(MpesaTest, CallsAPayoutPendingUntilItIsDecided) {
    next("success", R"(,"delay_ms":600000)");
    ASSERT_TRUE(pay_out("pamoja-1").is_accepted());
    const auto status = status_of("pamoja-1");
    EXPECT_TRUE(status.succeeded());
    EXPECT_FALSE(status.is_completed());
    EXPECT_EQ(status.transaction_status, "Pending");
}

TEST_F(MpesaTest, RepeatsAResultAndPaysOutOnce) {
    next("duplicate_callback", R"(,"delay_ms":0)");
    ASSERT_TRUE(pay_out().is_accepted());
    std::set<std::string> bodies;
    for (int i = 0; i < 4; ++i) bodies.insert(world_.receiver.next().body);
    EXPECT_EQ(bodies.size(), 1u);
    EXPECT_EQ(moved(), "out 1200");
}

TEST_F(MpesaTest, TakesEachPayoutOnce) {
    ASSERT_TRUE(pay_out("pamoja-1").is_accepted());
    const auto again = pay_out("pamoja-1");
    EXPECT_EQ(again.code, "500.002.1001");
    world_.receiver.next();
    ASSERT_TRUE(pay_out("pamoja-2").is_accepted());
    world_.receiver.next();
    EXPECT_EQ(moved(), "out 1200, out 1200");
}

TEST_F(MpesaTest, DoesNotKnowAPayoutOfNobody) {
    next("http_500");
    EXPECT_EQ(pay_out("pamoja-1").kind, AnswerKind::unknown);
    const auto status = status_of("pamoja-1");
    EXPECT_FALSE(status.succeeded());
    EXPECT_EQ(status.meaning(), mpesa::ResultMeaning::failed);
    EXPECT_EQ(moved(), "");
}

TEST_F(MpesaTest, ReversesAPaymentOnce) {
    ASSERT_TRUE(push().is_accepted());
    const auto receipt = mpesa::parse_stk_callback(world_.receiver.next().body).receipt;
    const auto reverse = [&](const std::string& transaction_id, Money amount) {
        EXPECT_TRUE(daraja_
                        .reverse({.transaction_id = transaction_id,
                                  .amount = amount,
                                  .result_url = world_.receiver.url("/reversal"),
                                  .timeout_url = world_.receiver.url("/timeout")})
                        .is_accepted());
        return mpesa::parse_reversal_result(world_.receiver.next().body);
    };
    EXPECT_EQ(reverse("UA2NOTHING", shillings(250)).result_code, "R000002");
    EXPECT_EQ(reverse(receipt, shillings(251)).result_code, "R000004");
    const auto reversed = reverse(receipt, shillings(250));
    EXPECT_TRUE(reversed.succeeded());
    EXPECT_EQ(reversed.amount, shillings(250));
    EXPECT_EQ(reversed.original_transaction_id, receipt);
    EXPECT_EQ(reverse(receipt, shillings(250)).result_code, "R000001");
    EXPECT_EQ(reverse(reversed.transaction_id, shillings(250)).result_code, "R000002");
    EXPECT_EQ(moved(), "in 250, out 250");
}

TEST(MpesaCertificate, OpensOnlyWhatWasEncryptedUnderIt) {
    const daraja::Certificate ours;
    const daraja::Certificate other;
    const auto credential = crypto::to_base64(crypto::encrypt_for_certificate("Safaricom999!*!", ours.pem()));
    EXPECT_EQ(ours.password_in(credential), "Safaricom999!*!");
    EXPECT_NE(other.password_in(credential), "Safaricom999!*!");
    EXPECT_TRUE(daraja::is_plausible_credential(credential));
    EXPECT_FALSE(daraja::is_plausible_credential("Safaricom999!*!"));
    EXPECT_FALSE(daraja::is_plausible_credential(crypto::to_base64("Safaricom999!*!")));
}

}  // namespace
}  // namespace pamoja::sandbox
