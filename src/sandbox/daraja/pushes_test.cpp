#include <set>

#include "crypto/base64.hpp"
#include "sandbox/testing/mpesa_world.hpp"

namespace pamoja::sandbox {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

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

TEST_F(MpesaTest, SaysThatAPushIsUnderWayUntilItIsDecided) {
    next("success", R"(,"delay_ms":600000)");
    const auto accepted = push();
    ASSERT_TRUE(accepted.is_accepted());
    const auto query = daraja_.stk_query(accepted.accepted.checkout_request_id);
    EXPECT_EQ(query.kind, AnswerKind::pending);
    EXPECT_EQ(query.code, "500.001.1001");
    EXPECT_EQ(query.message, "The transaction is being processed");
    EXPECT_EQ(moved(), "");
}

TEST_F(MpesaTest, TakesThePaymentAndTellsNobody) {
    next("no_callback", R"(,"delay_ms":0)");
    const auto accepted = push();
    ASSERT_TRUE(accepted.is_accepted());
    next("success", R"(,"delay_ms":50)");
    const auto other = push();
    // The first callback to come is of the second push: the first push stayed silent.
    EXPECT_EQ(mpesa::parse_stk_callback(world_.receiver.next().body).checkout_request_id,
              other.accepted.checkout_request_id);
    EXPECT_EQ(daraja_.stk_query(accepted.accepted.checkout_request_id).accepted.result_code, "0");
    EXPECT_EQ(moved(), "in 250, in 250");
}

TEST_F(MpesaTest, RepeatsACallbackAndTakesThePaymentOnce) {
    next("duplicate_callback", R"(,"delay_ms":0)");
    ASSERT_TRUE(push().is_accepted());
    std::set<std::string> bodies;
    for (int i = 0; i < 4; ++i) bodies.insert(world_.receiver.next().body);
    EXPECT_EQ(bodies.size(), 1u);
    EXPECT_TRUE(mpesa::parse_stk_callback(*bodies.begin()).succeeded());
    EXPECT_EQ(moved(), "in 250");
}

TEST_F(MpesaTest, TellsOfALateSuccessAfterATimeOut) {
    next("late_callback");
    const auto accepted = push();
    ASSERT_TRUE(accepted.is_accepted());
    auto query = daraja_.stk_query(accepted.accepted.checkout_request_id);
    while (query.kind == AnswerKind::pending)
        query = daraja_.stk_query(accepted.accepted.checkout_request_id);
    EXPECT_EQ(query.accepted.result_code, "1037");
    EXPECT_EQ(moved(), "");
    EXPECT_TRUE(mpesa::parse_stk_callback(world_.receiver.next().body).succeeded());
    EXPECT_EQ(daraja_.stk_query(accepted.accepted.checkout_request_id).accepted.result_code, "0");
    EXPECT_EQ(moved(), "in 250");
}

TEST_F(MpesaTest, FailsAndDoesNothing) {
    next("http_500");
    EXPECT_EQ(push().kind, AnswerKind::unknown);
    EXPECT_EQ(world_.get_json("/control/mpesa/requests?phone=0700123456")
                  .find("requests")
                  ->array()
                  ->front()
                  .find("status")
                  ->integer(),
              500);
    EXPECT_TRUE(push().is_accepted());
    world_.receiver.next();
    EXPECT_EQ(moved(), "in 250");
}

TEST_F(MpesaTest, FollowsAnInstructionAsOftenAsItSays) {
    next("cancelled", R"(,"delay_ms":0,"count":2)", "0700 123 456");
    for (const char* code : {"1032", "1032", "0"}) {
        ASSERT_TRUE(push("+254700123456").is_accepted());
        EXPECT_EQ(mpesa::parse_stk_callback(world_.receiver.next().body).result_code, code);
    }
    next("cancelled", R"(,"delay_ms":0,"count":5)");
    next("wrong_pin", R"(,"delay_ms":0)");
    next("cancelled", R"(,"delay_ms":0)", "0711000000");
    for (const char* code : {"2001", "0"}) {
        ASSERT_TRUE(push().is_accepted());
        EXPECT_EQ(mpesa::parse_stk_callback(world_.receiver.next().body).result_code, code);
    }
}

TEST_F(MpesaTest, RefusesABadPushAsDocumented) {
    const std::string good =
        R"({"BusinessShortCode":174379,"Password":"PASSWORD","Timestamp":"20260102133015",)"
        R"("TransactionType":"CustomerPayBillOnline","Amount":1,"PartyA":254700123456,"PartyB":174379,)"
        R"("PhoneNumber":254700123456,"CallBackURL":"http://127.0.0.1:1/x",)"
        R"("AccountReference":"A","TransactionDesc":"B"})";
    const std::string password =
        crypto::to_base64(std::string(mpesa_short_code) + mpesa_passkey + "20260102133015");
    const struct {
        const char* from;
        const char* to;
        int status;
        const char* code;
        const char* message;
    } cases[]{
        {"\"Amount\":1,", "\"Amount\":0,", 400, "400.002.02", "Bad Request - Invalid Amount"},
        {"\"Amount\":1,", "\"Amount\":250001,", 400, "400.002.02", "Bad Request - Invalid Amount"},
        {"\"Amount\":1,", "\"Amount\":1.5,", 400, "400.002.02", "Bad Request - Invalid Amount"},
        {"\"Amount\":1,", "\"Amount\":\"ten\",", 400, "400.002.02", "Bad Request - Invalid Amount"},
        {"\"Amount\":1,", "", 400, "400.002.02", "Bad Request - Invalid Amount"},
        {"\"PhoneNumber\":254700123456", "\"PhoneNumber\":\"0700123456\"", 400, "400.002.02",
         "Bad Request - Invalid PhoneNumber"},
        {"\"PartyA\":254700123456", "\"PartyA\":254200123456", 400, "400.002.02",
         "Bad Request - Invalid PartyA"},
        {"http://127.0.0.1:1/x", "ftp://a", 400, "400.002.02", "Bad Request - Invalid CallBackURL"},
        {"CallBackURL", "CallbackURL", 400, "400.002.02", "Bad Request - Invalid CallBackURL"},
        {"\"A\"", "\"thirteen-long\"", 400, "400.002.02", "Bad Request - Invalid AccountReference"},
        {"CustomerPayBillOnline", "PayBill", 400, "400.002.02", "Bad Request - Invalid TransactionType"},
        {"20260102133015", "20261302133015", 400, "400.002.02", "Bad Request - Invalid Timestamp"},
        {"20260102133015", "20260102133016", 500, "500.001.1001", "Wrong credentials"},
        {"\"BusinessShortCode\":174379", "\"BusinessShortCode\":600000", 500, "500.001.1001",
         "Merchant does not exist"},
        {"{", "[{", 400, "400.002.05", "Invalid Request Payload"},
    };
    const auto send = [&](std::string body, const std::string& from, const std::string& to) {
        body.replace(body.find("PASSWORD"), 8, password);
        body.replace(body.find(from), from.size(), to);
        return world_.post("/mpesa/stkpush/v1/processrequest", body,
                           {{"Authorization", "Bearer " + token()}});
    };
    EXPECT_EQ(send(good, "{", "{").status, 200);
    for (const auto& each : cases) {
        const auto response = send(good, each.from, each.to);
        EXPECT_EQ(response.status, each.status) << each.from << " -> " << each.to;
        const auto body = json::parse(response.body);
        EXPECT_EQ(body.find("errorCode")->text_or_empty(), each.code) << each.from << " -> " << each.to;
        EXPECT_EQ(body.find("errorMessage")->text_or_empty(), each.message);
        EXPECT_NE(body.find("requestId"), nullptr);
    }
}

TEST_F(MpesaTest, TakesOnlyTokensThatHold) {
    const std::string first = token();
    const auto ask = [&](const std::string& authorization) {
        return world_.post("/mpesa/stkpushquery/v1/query", "{}", {{"Authorization", authorization}});
    };
    EXPECT_EQ(ask("Bearer " + first).status, 400);
    EXPECT_EQ(ask("Bearer x" + first).status, 401);
    EXPECT_EQ(ask("Basic " + first).status, 401);
    EXPECT_THAT(ask("").body, HasSubstr(R"("errorCode":"404.001.03","errorMessage":"Invalid Access Token")"));
    world_.clock.advance(std::chrono::seconds(3600));
    EXPECT_EQ(ask("Bearer " + first).status, 401);
    EXPECT_TRUE(push().is_accepted());  // our client fetches another one
    EXPECT_EQ(world_.get("/oauth/v1/generate?grant_type=client_credentials").status, 400);
    EXPECT_THAT(world_.post("/mpesa/nothing", "{}").body, HasSubstr("404.001.01"));
    EXPECT_THAT(world_.get("/mpesa/stkpush/v1/processrequest").body, HasSubstr("405.001"));
}

TEST_F(MpesaTest, DoesNotKnowAPushOfNobody) {
    const auto query = daraja_.stk_query("ws_CO_010120260000000000");
    EXPECT_EQ(query.kind, AnswerKind::refused);
    EXPECT_EQ(query.code, "500.001.1001");
}

TEST_F(MpesaTest, ForgetsEverythingOnDemand) {
    next("cancelled", R"(,"count":3)");
    const auto accepted = push("0711000000");
    world_.receiver.next();
    EXPECT_EQ(moved(), "in 250");
    EXPECT_EQ(world_.post("/control/reset", "").status, 200);
    EXPECT_EQ(moved(), "");
    EXPECT_EQ(daraja_.stk_query(accepted.accepted.checkout_request_id).kind, AnswerKind::refused);
    ASSERT_TRUE(push().is_accepted());
    EXPECT_TRUE(mpesa::parse_stk_callback(world_.receiver.next().body).succeeded());
}

TEST_F(MpesaTest, RefusesBadControlCalls) {
    const struct {
        const char* path;
        const char* body;
        int status;
    } cases[]{
        {"/control/mpesa/next", "{", 400},
        {"/control/mpesa/next", "", 400},
        {"/control/mpesa/next", "[]", 422},
        {"/control/mpesa/next", R"({"phone":"0700123456"})", 422},
        {"/control/mpesa/next", R"({"phone":"0700123456","outcome":"explode"})", 422},
        {"/control/mpesa/next", R"({"phone":"12","outcome":"success"})", 422},
        {"/control/mpesa/next", R"({"phone":"+447911123456","outcome":"success"})", 422},
        {"/control/mpesa/next", R"({"phone":"0700123456","outcome":"success","delay_ms":-1})", 422},
        {"/control/mpesa/next", R"({"phone":"0700123456","outcome":"success","delay_ms":"soon"})", 422},
        {"/control/mpesa/next", R"({"phone":"0700123456","outcome":"success","count":0})", 422},
        {"/control/mpesa/c2b", R"({"phone":"0700123456","amount":0})", 422},
        {"/control/mpesa/c2b", R"({"phone":"0700123456","amount":10})", 409},
        {"/control/nothing", "{}", 404},
    };
    for (const auto& each : cases) {
        const auto response = world_.post(each.path, each.body);
        EXPECT_EQ(response.status, each.status) << each.path << " " << each.body << " " << response.body;
        EXPECT_NE(json::parse(response.body).find("message"), nullptr);
    }
    EXPECT_EQ(world_.get("/control/mpesa/requests?phone=12").status, 422);
    EXPECT_EQ(world_.get("/control/mpesa/next").status, 405);
}

}  // namespace
}  // namespace pamoja::sandbox
