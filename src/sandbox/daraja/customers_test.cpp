#include "sandbox/testing/mpesa_world.hpp"

namespace pamoja::sandbox {
namespace {

using testing::HasSubstr;

class CustomersTest : public MpesaTest {
  protected:
    void register_urls(bool completes_without_validation = true) {
        ASSERT_TRUE(daraja_
                        .c2b_register({.validation_url = world_.receiver.url("/validation"),
                                       .confirmation_url = world_.receiver.url("/confirmation"),
                                       .completes_without_validation = completes_without_validation})
                        .is_accepted());
    }
    void answer_validation_with(const std::string& body) {
        world_.receiver.answer_with([body](const Receiver::Callback& callback) {
            return callback.path == "/validation" ? body : R"({"ResultCode":0,"ResultDesc":"Accepted"})";
        });
    }
    json::Value pay() {
        const auto response = world_.post(
            "/control/mpesa/c2b", R"({"phone":"0708374149","amount":1451.5,"bill_reference":"LOAN-17"})");
        EXPECT_EQ(response.status, 200) << response.body;
        return json::parse(response.body);
    }
};

TEST_F(CustomersTest, AskThenPayThenTell) {
    register_urls();
    answer_validation_with(R"({"ResultCode":"0","ResultDesc":"Accepted","ThirdPartyTransID":"ours-1"})");
    const auto result = pay();
    EXPECT_EQ(result.find("status")->text_or_empty(), "completed");
    EXPECT_EQ(result.find("confirmation_status")->integer(), 200);

    const auto validation = world_.receiver.next();
    EXPECT_EQ(validation.path, "/validation");
    EXPECT_THAT(validation.body, HasSubstr(R"("OrgAccountBalance":"")"));
    const auto confirmation = world_.receiver.next();
    EXPECT_EQ(confirmation.path, "/confirmation");
    EXPECT_THAT(confirmation.body, HasSubstr(R"("TransAmount":"1451.50")"));
    EXPECT_THAT(confirmation.body, HasSubstr(R"("TransTime":"20260102133015")"));
    const auto payment = mpesa::parse_c2b(confirmation.body);
    EXPECT_EQ(payment.transaction_id, result.find("transaction_id")->text_or_empty());
    EXPECT_EQ(payment.transaction_id, mpesa::parse_c2b(validation.body).transaction_id);
    EXPECT_EQ(payment.bill_reference, "LOAN-17");
    EXPECT_EQ(payment.short_code, mpesa_short_code);
    EXPECT_EQ(payment.third_party_id, "ours-1");
    EXPECT_EQ(payment.phone, "25470****149");
    EXPECT_EQ(moved(), "in 1451.5");
}

TEST_F(CustomersTest, DoNotPayWhatIsRejected) {
    register_urls();
    answer_validation_with(R"({"ResultCode":"C2B00012","ResultDesc":"Rejected"})");
    const auto result = pay();
    EXPECT_EQ(result.find("status")->text_or_empty(), "rejected");
    EXPECT_EQ(result.find("result_code")->text_or_empty(), "C2B00012");
    EXPECT_EQ(moved(), "");
}

TEST_F(CustomersTest, PayUnvalidatedAsTheOrganizationChose) {
    answer_validation_with("");
    register_urls(false);
    EXPECT_EQ(pay().find("status")->text_or_empty(), "rejected");
    EXPECT_EQ(moved(), "");
    register_urls(true);
    EXPECT_EQ(pay().find("status")->text_or_empty(), "completed");
    EXPECT_EQ(moved(), "in 1451.5");
}

TEST_F(CustomersTest, PayTheConfiguredOrganizationUnlessAnotherIsNamed) {
    register_urls();
    const auto answer = world_.post("/mpesa/c2b/v1/registerurl",
                                    R"({"ShortCode":600998,"ResponseType":"Completed","ConfirmationURL":")" +
                                        world_.receiver.url("/other") + R"(","ValidationURL":")" +
                                        world_.receiver.url("/other") + "\"}",
                                    {{"Authorization", "Bearer " + token()}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    pay();
    EXPECT_EQ(world_.receiver.next().path, "/validation");
    EXPECT_EQ(world_.receiver.next().path, "/confirmation");
    const auto named =
        world_.post("/control/mpesa/c2b", R"({"phone":"0708374149","amount":10,"short_code":"600998"})");
    EXPECT_EQ(named.status, 200) << named.body;
    EXPECT_EQ(mpesa::parse_c2b(world_.receiver.next().body).short_code, "600998");
}

TEST_F(CustomersTest, PayInASimulationToo) {
    register_urls();
    const auto answer = world_.post("/mpesa/c2b/v1/simulate",
                                    R"({"ShortCode":174379,"CommandID":"CustomerPayBillOnline","Amount":10,)"
                                    R"("Msisdn":254708374149,"BillRefNumber":"x"})",
                                    {{"Authorization", "Bearer " + token()}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(world_.receiver.next().path, "/validation");
    EXPECT_EQ(mpesa::parse_c2b(world_.receiver.next().body).amount, shillings(10));
    EXPECT_EQ(moved(), "in 10");
}

}  // namespace
}  // namespace pamoja::sandbox
