#include "connectors/mpesa/daraja.hpp"

#include <gtest/gtest.h>

#include "base/failure.hpp"
#include "connectors/mpesa/internal/daraja_fixture.hpp"
#include "crypto/base64.hpp"

namespace pamoja::mpesa {
namespace {

TEST_F(DarajaTest, PushesAsSafaricomDocumentsIt) {
    will_answer(200, stk_accepted);
    const auto answer = daraja_.stk_push(push_);
    ASSERT_TRUE(answer.is_accepted()) << answer.message;
    EXPECT_EQ(answer.accepted.merchant_request_id, "29115-34620561-1");
    EXPECT_EQ(answer.accepted.checkout_request_id, "ws_CO_191220191020363925");
    EXPECT_EQ(answer.accepted.customer_message, "Check your phone");
    EXPECT_EQ(answer.raw, stk_accepted);

    EXPECT_TRUE(
        last_sign_in_.starts_with("GET /oauth/v1/generate?grant_type=client_credentials HTTP/1.1\r\n"));
    EXPECT_NE(last_sign_in_.find("Authorization: Basic a2V5OnNlY3JldA==\r\n"), std::string::npos);
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\n"));
    EXPECT_NE(last_request_.find("Authorization: Bearer token-1\r\n"), std::string::npos);
    EXPECT_NE(last_request_.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_EQ(sent("Timestamp"), "20251215123000") << "the wall clock of Nairobi";
    EXPECT_EQ(sent("Password"), crypto::to_base64("174379passkey20251215123000"));
    EXPECT_EQ(sent("TransactionType"), "CustomerPayBillOnline");
    EXPECT_EQ(sent("BusinessShortCode"), "174379");
    EXPECT_EQ(sent("Amount"), "3358");
    EXPECT_EQ(sent("PartyA"), "254700123456");
    EXPECT_EQ(sent("PartyB"), "174379");
    EXPECT_EQ(sent("PhoneNumber"), "254700123456");
    EXPECT_EQ(sent("CallBackURL"), "https://example.com/in/1");
    EXPECT_EQ(sent("AccountReference"), "LF202500001");
    EXPECT_EQ(sent("TransactionDesc"), "Loan repaymen");
    for (const char* name : {"BusinessShortCode", "Amount", "PartyA", "PartyB", "PhoneNumber"}) {
        EXPECT_TRUE(is_number(name)) << name;
    }
}

TEST_F(DarajaTest, PushesToATill) {
    will_answer(200, stk_accepted);
    auto till = config();
    till.till_kind = TillKind::buy_goods;
    till.till_number = "5551234";
    Daraja(till, web_, clock_).stk_push(push_);
    EXPECT_EQ(sent("TransactionType"), "CustomerBuyGoodsOnline");
    EXPECT_EQ(sent("PartyB"), "5551234");
    EXPECT_EQ(sent("BusinessShortCode"), "174379");
}

TEST_F(DarajaTest, SendsNothingWhenTheCallerIsWrong) {
    const auto field_of = [&](const auto& request, auto call) -> std::string {
        try {
            (daraja_.*call)(request);
            return "sent";
        } catch (const Failure& failure) {
            return failure.errors().empty() ? failure.message() : failure.errors()[0].field;
        }
    };
    for (const Money& amount : {Money(0, Currency("KES")), Money(50, Currency("KES")),
                                Money(100'50, Currency("KES")), Money(-100'00, Currency("KES")),
                                Money(250'001'00, Currency("KES")), Money(100'00, Currency("NGN"))}) {
        auto push = push_;
        push.amount = amount;
        EXPECT_EQ(field_of(push, &Daraja::stk_push), "amount");
        auto payout = payout_;
        payout.amount = amount;
        EXPECT_EQ(field_of(payout, &Daraja::b2c), "amount");
        EXPECT_EQ(field_of(Reversal{.transaction_id = "T", .amount = amount}, &Daraja::reverse), "amount");
    }
    for (const char* phone : {"", "12345", "+2348012345678", "+919876543210"}) {
        auto push = push_;
        push.phone = phone;
        EXPECT_EQ(field_of(push, &Daraja::stk_push), "phone_number");
    }
    for (const char* reference : {"", "1234567890123"}) {
        auto push = push_;
        push.account_reference = reference;
        EXPECT_EQ(field_of(push, &Daraja::stk_push), "account_reference");
    }
    auto payout = payout_;
    payout.originator_conversation_id = "";
    EXPECT_EQ(field_of(payout, &Daraja::b2c), "originator_conversation_id");
    EXPECT_EQ(field_of(StatusInquiry{}, &Daraja::transaction_status), "transaction_id");
    EXPECT_EQ(field_of(StatusInquiry{.transaction_id = "T", .original_conversation_id = "O"},
                       &Daraja::transaction_status),
              "transaction_id");
    EXPECT_EQ(server_.connections(), 0);
}

struct AnswerCase {
    int status;
    std::string body;
    AnswerKind kind;
    std::string code;
    bool is_retryable = false;
};

TEST_F(DarajaTest, TellsARefusalFromWhatMayHaveHappened) {
    const AnswerCase cases[] = {
        {400, error("400.002.02", "Bad Request - Invalid Amount"), AnswerKind::refused, "400.002.02"},
        {404, error("404.001.01", "Resource not found"), AnswerKind::refused, "404.001.01"},
        {500, error("500.001.1001", "Merchant does not exist"), AnswerKind::refused, "500.001.1001"},
        {500, error("500.001.1001", "Unable to lock subscriber, a transaction is already in process"),
         AnswerKind::refused, "500.001.1001", true},
        {500, error("500.001.1001", "The transaction is being processed"), AnswerKind::refused,
         "500.001.1001", true},
        {503, error("500.003.02", "System is busy"), AnswerKind::refused, "500.003.02", true},
        {503, error("500.003.03", "Quota Violation"), AnswerKind::refused, "500.003.03", true},
        {429, error("429.001", "Spike arrest"), AnswerKind::refused, "429.001", true},
        {500, error("500.003.01", "Internal Server Error"), AnswerKind::unknown, "500.003.01"},
        {200, R"({"ResponseCode":"1","ResponseDescription":"Rejected"})", AnswerKind::refused, "1"},
        {500, stk_accepted, AnswerKind::unknown, "HTTP 500"},
        {200, "<html>Gateway</html>", AnswerKind::unknown, "HTTP 200"},
        {502, "<html>Bad Gateway</html>", AnswerKind::unknown, "HTTP 502"},
        {200, "", AnswerKind::unknown, "HTTP 200"},
        {200, "[]", AnswerKind::unknown, "HTTP 200"},
        {200, R"({"ResponseCode":"0"})", AnswerKind::unknown, "0"},
        {302, "", AnswerKind::unknown, "HTTP 302"},
    };
    for (const auto& each : cases) {
        will_answer(each.status, each.body);
        const auto push = daraja_.stk_push(push_);
        EXPECT_EQ(push.kind, each.kind) << each.body;
        EXPECT_EQ(push.code, each.code) << each.body;
        EXPECT_EQ(push.is_retryable, each.is_retryable) << each.body;
        EXPECT_EQ(push.raw, each.body);
        if (each.status == 500 && each.body == stk_accepted) continue;
        EXPECT_EQ(daraja_.b2c(payout_).kind, each.kind) << each.body;
    }
    EXPECT_EQ(tokens_count_, 1);
}

TEST_F(DarajaTest, CallsALostAnswerUnknownAndAnUnsentRequestUnreachable) {
    will_answer(200, stk_accepted);
    EXPECT_TRUE(daraja_.stk_push(push_).is_accepted());
    answer_ = [](const std::string&) { return ""; };
    EXPECT_EQ(daraja_.stk_push(push_).kind, AnswerKind::unknown);
    EXPECT_EQ(daraja_.b2c(payout_).kind, AnswerKind::unknown);
    EXPECT_EQ(requests_count_, 3) << "what may have had its effect was sent again";

    auto elsewhere = config();
    {
        const web::LoopbackServer gone([](web::LoopbackServer::Peer&) {});
        elsewhere.base_url = gone.url("");
    }
    EXPECT_EQ(Daraja(elsewhere, web_, clock_).stk_push(push_).kind, AnswerKind::unreachable);
}

TEST_F(DarajaTest, QueriesAPush) {
    const std::string start =
        R"({"ResponseCode":"0",)"
        R"("ResponseDescription":"The service request has been accepted successsfully",)"
        R"("MerchantRequestID":"m","CheckoutRequestID":"ws_CO_1",)";
    struct QueryCase {
        int status;
        std::string body;
        AnswerKind kind;
        ResultMeaning meaning;
    };
    const QueryCase cases[] = {
        {200, start + R"("ResultCode":"0","ResultDesc":"ok"})", AnswerKind::accepted, ResultMeaning::success},
        {200, start + R"("ResultCode":0,"ResultDesc":"ok"})", AnswerKind::accepted, ResultMeaning::success},
        {200, start + R"("ResultCode":"1032","ResultDesc":"Request cancelled by user"})",
         AnswerKind::accepted, ResultMeaning::cancelled},
        {200, start + R"("ResultCode":"4999","ResultDesc":"still under processing"})", AnswerKind::pending,
         ResultMeaning::pending},
        {500, error("500.001.1001", "The transaction is being processed"), AnswerKind::pending,
         ResultMeaning::failed},
        {500, error("500.001.001", "The transaction is being processed"), AnswerKind::pending,
         ResultMeaning::failed},
        {500, error("500.001.1001", "Wrong credentials"), AnswerKind::refused, ResultMeaning::failed},
        {200, start + R"("ResultDesc":"ok"})", AnswerKind::unknown, ResultMeaning::failed},
        {200, R"({"ResponseCode":"0","CheckoutRequestID":"ws_CO_2","ResultCode":"0"})", AnswerKind::unknown,
         ResultMeaning::success},
    };
    for (const auto& each : cases) {
        will_answer(each.status, each.body);
        const auto answer = daraja_.stk_query("ws_CO_1");
        EXPECT_EQ(answer.kind, each.kind) << each.body;
        EXPECT_EQ(answer.accepted.meaning, each.meaning) << each.body;
    }
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/stkpushquery/v1/query "));
    EXPECT_EQ(sent("CheckoutRequestID"), "ws_CO_1");
    EXPECT_EQ(sent("Password"), crypto::to_base64("174379passkey20251215123000"));
}

TEST_F(DarajaTest, PaysOutUnderAnIdOfOurs) {
    will_answer(200, command_accepted);
    const auto answer = daraja_.b2c(payout_);
    ASSERT_TRUE(answer.is_accepted()) << answer.message;
    EXPECT_EQ(answer.accepted.conversation_id, "AG_20191219_1");
    EXPECT_EQ(answer.accepted.originator_conversation_id, "pamoja-1");
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/b2c/v3/paymentrequest "));
    EXPECT_EQ(sent("OriginatorConversationID"), "pamoja-1");
    EXPECT_EQ(sent("InitiatorName"), "testapi");
    EXPECT_EQ(decrypted(safaricom_key(), *crypto::from_base64(sent("SecurityCredential"))),
              "Safaricom999!*!");
    EXPECT_EQ(sent("CommandID"), "BusinessPayment");
    EXPECT_EQ(sent("Amount"), "10000");
    EXPECT_EQ(sent("PartyA"), "174379");
    EXPECT_EQ(sent("PartyB"), "254700123456");
    EXPECT_EQ(sent("Remarks"), "Loan");
    EXPECT_EQ(sent("ResultURL"), "https://example.com/result");
    EXPECT_EQ(sent("QueueTimeOutURL"), "https://example.com/timeout");
    EXPECT_EQ(sent("Occassion"), "");
}

TEST_F(DarajaTest, AsksReversesAndRegistersAsSafaricomDocumentsIt) {
    will_answer(200, command_accepted);
    EXPECT_TRUE(daraja_.transaction_status({.transaction_id = "NLJ41HAY6Q"}).is_accepted());
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/transactionstatus/v1/query "));
    EXPECT_EQ(sent("TransactionID"), "NLJ41HAY6Q");
    EXPECT_EQ(sent("OriginalConversationID"), "absent");
    EXPECT_EQ(sent("CommandID"), "TransactionStatusQuery");
    EXPECT_EQ(sent("IdentifierType"), "4");
    EXPECT_TRUE(daraja_.transaction_status({.original_conversation_id = "pamoja-1"}).is_accepted());
    EXPECT_EQ(sent("OriginalConversationID"), "pamoja-1");
    EXPECT_EQ(sent("TransactionID"), "absent");

    EXPECT_TRUE(
        daraja_.reverse({.transaction_id = "NLJ41HAY6Q", .amount = {5'00, Currency("KES")}}).is_accepted());
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/reversal/v1/request "));
    EXPECT_EQ(sent("CommandID"), "TransactionReversal");
    EXPECT_EQ(sent("ReceiverParty"), "174379");
    EXPECT_EQ(sent("RecieverIdentifierType"), "11");
    EXPECT_EQ(sent("Amount"), "5");

    will_answer(200,
                R"({"OriginatorCoversationID":"o-1","ResponseCode":"0","ResponseDescription":"success"})");
    const auto registered =
        daraja_.c2b_register({.validation_url = "https://v", .confirmation_url = "https://c"});
    EXPECT_TRUE(registered.is_accepted());
    EXPECT_EQ(registered.accepted.originator_conversation_id, "o-1");
    EXPECT_TRUE(last_request_.starts_with("POST /mpesa/c2b/v2/registerurl "));
    EXPECT_EQ(sent("ResponseType"), "Completed");
    EXPECT_EQ(sent("ValidationURL"), "https://v");
    EXPECT_EQ(sent("ConfirmationURL"), "https://c");
}

TEST_F(DarajaTest, FindsAnUnusableCertificateAtTheStart) {
    auto broken = config();
    broken.certificate_pem = "no certificate";
    EXPECT_THROW(Daraja(broken, web_, clock_), std::runtime_error);
    broken.certificate_pem = "";
    EXPECT_THROW(Daraja(broken, web_, clock_).b2c(payout_), Failure);
    EXPECT_EQ(requests_count_, 0);
}

TEST(CallbackUrl, IsRefusedForWhatSafaricomRefuses) {
    EXPECT_EQ(callback_url_problem("https://pay.example.com/in/f3a9"), "");
    for (const char* url :
         {"", "http://example.com/in", "https://example.com/mpesa/in", "https://example.com/M-Pesa",
          "https://safaricom.example.com/", "https://example.com/query", "https://x.ngrok.io/in",
          "https://example.com/a.exe", "https://example.com/SQL"}) {
        EXPECT_NE(callback_url_problem(url), "") << url;
    }
}

}  // namespace
}  // namespace pamoja::mpesa
