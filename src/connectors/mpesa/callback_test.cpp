#include "connectors/mpesa/callback.hpp"

#include <gtest/gtest.h>

#include "base/failure.hpp"

namespace pamoja::mpesa {
namespace {

Money shillings(std::string_view text) {
    return *Money::parse_major(text, Currency("KES"));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

const std::string stk_success =
    R"({"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1",)"
    R"("CheckoutRequestID":"ws_CO_191220191020363925",)"
    R"("ResultCode":0,"ResultDesc":"The service request is processed successfully.",)"
    R"("CallbackMetadata":{"Item":[)"
    R"({"Name":"Amount","Value":1.00},{"Name":"MpesaReceiptNumber","Value":"PDL72WRAVZ"},)"
    R"({"Name":"Balance"},)"
    R"({"Name":"TransactionDate","Value":20210421114425},{"Name":"PhoneNumber","Value":254708374149}]}}}})";

TEST(ParseStkCallback, ReadsASuccessInSafaricomsForm) {
    const auto callback = parse_stk_callback(stk_success);
    EXPECT_TRUE(callback.succeeded());
    EXPECT_EQ(callback.merchant_request_id, "29115-34620561-1");
    EXPECT_EQ(callback.checkout_request_id, "ws_CO_191220191020363925");
    EXPECT_EQ(callback.result_code, "0");
    EXPECT_EQ(callback.amount, shillings("1"));
    EXPECT_EQ(callback.receipt, "PDL72WRAVZ");
    EXPECT_EQ(callback.phone, "254708374149");
    EXPECT_EQ(callback.transaction_date, "20210421114425");
    EXPECT_EQ(callback.raw, stk_success);
}

TEST(ParseStkCallback, ReadsTheFormOfFlexiFinancesDocument) {
    const auto callback = parse_stk_callback(R"({"Body":{"stkCallback":{"merchantRequestID":"mrc_uuid",
        "checkoutRequestID":"chk_uuid","resultCode":0,
        "resultDesc":"The service request is processed successfully.",
        "callbackMetadata":{"item":[{"name":"Amount","value":3358},{"name":"MpesaReceiptNumber",
        "value":"ODK123456789"},
        {"name":"PhoneNumber","value":"254700123456"},{"name":"TransactionDate",
        "value":20251215113500}]}}}})");
    EXPECT_TRUE(callback.succeeded());
    EXPECT_EQ(callback.checkout_request_id, "chk_uuid");
    EXPECT_EQ(callback.amount, shillings("3358"));
    EXPECT_EQ(callback.receipt, "ODK123456789");
    EXPECT_EQ(callback.phone, "254700123456");
    EXPECT_EQ(callback.transaction_date, "20251215113500");
}

TEST(ParseStkCallback, ReadsAFailureWithoutMetadata) {
    const auto callback = parse_stk_callback(
        R"({"Body":{"stkCallback":{"MerchantRequestID":"m","CheckoutRequestID":"c","ResultCode":1032,)"
        R"("ResultDesc":"Request cancelled by user"}}})");
    EXPECT_FALSE(callback.succeeded());
    EXPECT_EQ(callback.meaning(), ResultMeaning::cancelled);
    EXPECT_EQ(callback.amount, std::nullopt);
    EXPECT_EQ(callback.receipt, "");
}

TEST(ParseStkCallback, ReadsAmountsFromTheirTextExactly) {
    const std::pair<std::string, std::string> cases[] = {
        {"1.00", "1"},        {"\"1451.00\"", "1451"},
        {"250000", "250000"}, {"0.29", "0.29"},
        {"\"3358\"", "3358"}, {"1.0375E4", "10375"},
        {"4035.3", "4035.3"}, {"90071992547409.93", "90071992547409.93"}};
    for (const auto& [written, meant] : cases) {
        EXPECT_EQ(parse_stk_callback(replaced(stk_success, "1.00", written)).amount, shillings(meant))
            << written;
    }
}

TEST(ParseStkCallback, RefusesWhatIsNoCallback) {
    const std::string bodies[] = {
        "",
        "null",
        "[]",
        "{}",
        "not json",
        "<html></html>",
        R"({"Body":null})",
        R"({"Body":{"stkCallback":[]}})",
        R"({"Body":{"stkCallback":{}}})",
        replaced(stk_success, R"("CheckoutRequestID":"ws_CO_191220191020363925",)", ""),
        replaced(stk_success, R"("ws_CO_191220191020363925")", R"("")"),
        replaced(stk_success, R"("ws_CO_191220191020363925")", R"({"$ne":1})"),
        replaced(stk_success, R"("ws_CO_191220191020363925")", '"' + std::string(200, 'x') + '"'),
        replaced(stk_success, R"("ResultCode":0)", R"("ResultCode":null)"),
        replaced(stk_success, R"("ResultCode":0)", R"("ResultCode":0,"ResultCode":1032)"),
        replaced(stk_success, "1.00", "-1"),
        replaced(stk_success, "1.00", "0"),
        replaced(stk_success, "1.00", "1.001"),
        replaced(stk_success, "1.00", "\"one\""),
        replaced(stk_success, "1.00", "true"),
        replaced(stk_success, "1.00", "1e30"),
        replaced(stk_success, R"("Amount")", R"("Sum")"),
        replaced(stk_success, R"({"Name":"Balance"})", R"({"Name":"Amount","Value":900})"),
        replaced(stk_success, R"({"Name":"Balance"})", "7"),
        replaced(stk_success, R"("PDL72WRAVZ")", "null"),
        stk_success + "x",
        std::string(100'000, '[')};
    for (const std::string& body : bodies) {
        try {
            parse_stk_callback(body);
            ADD_FAILURE() << "taken: " << body.substr(0, 400);
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), malformed_request) << body.substr(0, 400);
        }
    }
}

const std::string b2c_success =
    R"({"Result":{"ResultType":0,"ResultCode":0,)"
    R"("ResultDesc":"The service request is processed successfully.",)"
    R"("OriginatorConversationID":"pamoja-1","ConversationID":"AG_20191219_1",)"
    R"("TransactionID":"NLJ41HAY6Q",)"
    R"("ResultParameters":{"ResultParameter":[{"Key":"TransactionAmount","Value":10},)"
    R"({"Key":"TransactionReceipt","Value":"NLJ41HAY6Q"},{"Key":"B2CRecipientIsRegisteredCustomer",)"
    R"("Value":"Y"},)"
    R"({"Key":"B2CChargesPaidAccountAvailableFunds","Value":-4510.00},)"
    R"({"Key":"ReceiverPartyPublicName","Value":"254708374149 - John Doe"},)"
    R"({"Key":"TransactionCompletedDateTime","Value":"19.12.2019 11:45:50"},)"
    R"({"Key":"B2CUtilityAccountAvailableFunds","Value":10116.00},)"
    R"({"Key":"B2CWorkingAccountAvailableFunds","Value":900000.00}]},)"
    R"("ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL","Value":"https://example.com/q"}}}})";

TEST(ParseB2cResult, ReadsASuccess) {
    const auto result = parse_b2c_result(b2c_success);
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.originator_conversation_id, "pamoja-1");
    EXPECT_EQ(result.conversation_id, "AG_20191219_1");
    EXPECT_EQ(result.transaction_id, "NLJ41HAY6Q");
    EXPECT_EQ(result.amount, shillings("10"));
    EXPECT_EQ(result.receipt, "NLJ41HAY6Q");
    EXPECT_EQ(result.receiver_name, "254708374149 - John Doe");
    EXPECT_EQ(result.utility_funds, shillings("10116"));
    EXPECT_EQ(result.working_funds, shillings("900000"));
    EXPECT_EQ(result.parameter("TransactionCompletedDateTime"), "19.12.2019 11:45:50");
    EXPECT_EQ(result.parameter("Nothing"), "");
    EXPECT_EQ(result.raw, b2c_success);
}

TEST(ParseB2cResult, ReadsAFailureWithoutParameters) {
    const auto result = parse_b2c_result(
        R"({"Result":{"ResultType":"0","ResultCode":"2001",)"
        R"("ResultDesc":"The initiator information is invalid.",)"
        R"("OriginatorConversationID":"pamoja-1","ConversationID":"AG_1","TransactionID":"NLJ0000000"}})");
    EXPECT_EQ(result.meaning(), ResultMeaning::failed);
    EXPECT_EQ(result.result_code, "2001");
    EXPECT_EQ(result.amount, std::nullopt);
    EXPECT_EQ(result.receipt, "");
}

TEST(ParseB2cResult, RefusesWhatIsNoResult) {
    const std::string bodies[] = {
        "{}",
        R"({"Result":{}})",
        R"({"Result":{"ResultCode":0}})",
        R"({"Result":"0"})",
        replaced(b2c_success, R"("Value":10})", R"("Value":-10})"),
        replaced(b2c_success, R"("Value":10})", R"("Value":[10]})"),
        replaced(b2c_success, R"("Key":"TransactionReceipt")", R"("Key":"TransactionAmount")")};
    for (const std::string& body : bodies) EXPECT_THROW(parse_b2c_result(body), Failure) << body;
}

TEST(ParseStatusResult, SaysWhatBecameOfThePaymentThatWasAskedAbout) {
    const std::string body =
        R"({"Result":{"ResultType":0,"ResultCode":0,"ResultDesc":"ok",)"
        R"("OriginatorConversationID":"inquiry-1",)"
        R"("ConversationID":"AG_2","TransactionID":"NLJ0","ResultParameters":{"ResultParameter":[)"
        R"({"Key":"ReceiptNo","Value":"NLJ41HAY6Q"},{"Key":"Amount","Value":300},)"
        R"({"Key":"TransactionStatus","Value":"Completed"},)"
        R"({"Key":"TransactionReason"},{"Key":"DebitPartyCharges",)"
        R"("Value":"Fee For B2C Payment|KES|33.00"},)"
        R"({"Key":"Originator Conversation ID","Value":"pamoja-1"},{"Key":"CreditPartyName",)"
        R"("Value":"254708374149 - John Doe"},)"
        R"({"Key":"DebitPartyName","Value":"600310 - Safaricom"}]}}})";
    const auto result = parse_status_result(body);
    EXPECT_TRUE(result.is_completed());
    EXPECT_EQ(result.originator_conversation_id, "inquiry-1");
    EXPECT_EQ(result.original_conversation_id, "pamoja-1");
    EXPECT_EQ(result.receipt, "NLJ41HAY6Q");
    EXPECT_EQ(result.amount, shillings("300"));
    EXPECT_EQ(result.credit_party, "254708374149 - John Doe");
    EXPECT_EQ(result.debit_party, "600310 - Safaricom");
    EXPECT_FALSE(parse_status_result(replaced(body, "Completed", "Cancelled")).is_completed());
    EXPECT_FALSE(
        parse_status_result(replaced(body, R"("ResultCode":0)", R"("ResultCode":25)")).is_completed());
    EXPECT_EQ(parse_status_result(replaced(body, "Originator Conversation ID", "OriginatorConversationID"))
                  .original_conversation_id,
              "pamoja-1");
}

TEST(ParseReversalResult, ReadsTheAmountAndTheOriginal) {
    const auto result = parse_reversal_result(
        R"({"Result":{"ResultCode":0,"ResultDesc":"ok","OriginatorConversationID":"o",)"
        R"("ConversationID":"c",)"
        R"("TransactionID":"MJ561H6X5O","ResultParameters":{"ResultParameter":[{"Key":"Amount",)"
        R"("Value":"100.00"},)"
        R"({"Key":"OriginalTransactionID","Value":"MJ551H6X5D"}]}}})");
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.amount, shillings("100"));
    EXPECT_EQ(result.original_transaction_id, "MJ551H6X5D");
}

TEST(ParseTimeout, TellsWhichConversationTimedOut) {
    const auto timeout = parse_timeout(R"({"Result":{"ResultType":1,"ResultCode":1,"ResultDesc":"timed out",)"
                                       R"("OriginatorConversationID":"pamoja-1"}})");
    EXPECT_EQ(timeout.originator_conversation_id, "pamoja-1");
    EXPECT_THROW(parse_timeout(R"({"Result":{"ResultCode":1}})"), Failure);
}

const std::string c2b =
    R"({"TransactionType":"Pay Bill","TransID":"RKTQDM7W6S","TransTime":"20191122063845",)"
    R"("TransAmount":"1451.00",)"
    R"("BusinessShortCode":"600638","BillRefNumber":"group-1","InvoiceNumber":"",)"
    R"("OrgAccountBalance":"49197.00",)"
    R"("ThirdPartyTransID":"","MSISDN":"25470****149","FirstName":"John","MiddleName":"",)"
    R"("LastName":"Doe"})";

TEST(ParseC2b, ReadsAPaymentFromTheHandsetsMenu) {
    const auto payment = parse_c2b(c2b);
    EXPECT_EQ(payment.transaction_id, "RKTQDM7W6S");
    EXPECT_EQ(payment.amount, shillings("1451"));
    EXPECT_EQ(payment.bill_reference, "group-1");
    EXPECT_EQ(payment.phone, "25470****149");
    EXPECT_EQ(payment.short_code, "600638");
    EXPECT_EQ(payment.first_name, "John");
    EXPECT_EQ(payment.raw, c2b);
    EXPECT_EQ(parse_c2b(replaced(c2b, R"("1451.00")", "1451.50")).amount, shillings("1451.5"));
    EXPECT_EQ(parse_c2b(replaced(c2b, R"("600638")", "600638")).short_code, "600638");
}

TEST(ParseC2b, RefusesWhatNamesNoPaymentOrAmount) {
    for (const std::string& body :
         {std::string("[]"), std::string("{}"), replaced(c2b, "RKTQDM7W6S", ""),
          replaced(c2b, "1451.00", "0"), replaced(c2b, "1451.00", "-5"), replaced(c2b, "1451.00", "NaN"),
          replaced(c2b, "1451.00", ""), replaced(c2b, R"("group-1")", R"(["group-1"])"),
          replaced(c2b, "group-1", std::string(600, 'g'))}) {
        EXPECT_THROW(parse_c2b(body), Failure) << body;
    }
}

TEST(ResultCodes, HaveAMeaningAndASentence) {
    EXPECT_EQ(meaning_of("0"), ResultMeaning::success);
    EXPECT_EQ(meaning_of("1"), ResultMeaning::failed);
    EXPECT_EQ(meaning_of("1032"), ResultMeaning::cancelled);
    EXPECT_EQ(meaning_of("1001"), ResultMeaning::retryable);
    EXPECT_EQ(meaning_of("4999"), ResultMeaning::pending);
    EXPECT_EQ(result_code_of("2001").explanation, "The M-Pesa PIN was wrong.");
    for (std::string_view unlisted : {"", "00", "31337", "-1", "success"}) {
        EXPECT_EQ(meaning_of(unlisted), ResultMeaning::failed) << unlisted;
        EXPECT_FALSE(result_code_of(unlisted).explanation.empty());
    }
}

}  // namespace
}  // namespace pamoja::mpesa
