#include "sandbox/daraja/customers.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "base/phone.hpp"
#include "describe/fields.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::size_t reference_length_max = 20;
constexpr std::int64_t minor_max = 250'000'00;

// "25470****149"
std::string masked(const std::string& phone) {
    return phone.substr(0, 5) + "****" + phone.substr(phone.size() - 3);
}

// What an organization answered to a validation; empty where it gave no readable answer.
json::Value read_answer(const web::WebResponse& response) {
    if (!response.answered() || !response.succeeded()) return {};
    try {
        return json::parse(response.body, {.depth_max = 8, .values_max = 200});
    } catch (const Failure&) {
        return {};
    }
}

std::string text_of(const json::Value& answer, std::string_view name) {
    const json::Value* value = answer.find(name);
    return value == nullptr ? std::string() : value->text_or_empty();
}

}  // namespace

void MenuPayment::describe(Fields& f) {
    f("phone", phone).length(1, 40);
    f("amount", amount).money_between(1, minor_max);
    f.optional("bill_reference", bill_reference).length(0, reference_length_max);
    f.optional("short_code", short_code).length(5, 7);
}

void MenuPaymentResult::describe(Fields& f) {
    f("transaction_id", transaction_id);
    f("status", status);
    f("result_code", result_code);
    f("validation_status", validation_status);
    f("confirmation_status", confirmation_status);
}

std::string Customers::register_urls(const Command& command) {
    const std::string short_code = command.short_code("ShortCode");
    const std::string response_type = command.one_of("ResponseType", {"Completed", "Cancelled"});
    const Urls urls{.validation = command.url("ValidationURL"),
                    .confirmation = command.url("ConfirmationURL"),
                    .completes_without_validation = response_type == "Completed"};
    {
        const std::lock_guard lock(mutex_);
        urls_[short_code] = urls;
        last_registered_ = short_code;
    }
    json::Writer body;
    body.begin_object();
    // Safaricom's spelling.
    body.member("OriginatorCoversationID",
                network_.random.digits(5) + "-" + network_.random.digits(9) + "-1");
    body.member("ResponseCode", "0");
    body.member("ResponseDescription", "success");
    body.end_object();
    return body.take();
}

std::string Customers::simulate(const Command& command) {
    const std::string kind = command.one_of("CommandID", {"CustomerPayBillOnline", "CustomerBuyGoodsOnline"});
    const bool is_bill = kind == "CustomerPayBillOnline";
    auto payment = std::make_shared<Payment>();
    payment->transaction_type = is_bill ? "Pay Bill" : "Buy Goods";
    payment->short_code = command.short_code("ShortCode");
    payment->amount = command.whole_amount();
    payment->phone = command.phone("Msisdn");
    payment->bill_reference = command.text_within("BillRefNumber", is_bill ? 1 : 0, reference_length_max);
    payment->urls = urls_of(payment->short_code);
    begin(payment);

    json::Writer body;
    body.begin_object();
    body.member("OriginatorCoversationID",
                network_.random.digits(5) + "-" + network_.random.digits(9) + "-1");
    body.member("ResponseCode", "0");
    body.member("ResponseDescription", "Accept the service request successfully.");
    body.end_object();
    return body.take();
}

void Customers::pay(MenuPayment request, Then then) {
    const auto phone = normalize_phone(request.phone, "KE");
    require_field(phone && phone->starts_with("+254"), "phone", "invalid", "Give a Kenyan mobile number.");
    auto payment = std::make_shared<Payment>();
    payment->short_code = request.short_code ? *request.short_code : home_short_code();
    payment->urls = urls_of(payment->short_code);
    require(!payment->urls.confirmation.empty(), conflict,
            "No organization has registered URLs for this payment.");
    payment->transaction_type = "Pay Bill";
    payment->phone = phone->substr(1);
    payment->bill_reference = std::move(request.bill_reference);
    payment->amount = request.amount;
    payment->then = std::move(then);
    begin(payment);
}

Customers::Urls Customers::urls_of(const std::string& short_code) {
    const std::lock_guard lock(mutex_);
    const auto found = urls_.find(short_code);
    return found == urls_.end() ? Urls() : found->second;
}

std::string Customers::home_short_code() {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(home_.begin(), home_.end(), [&](const std::string& short_code) {
        return urls_.contains(short_code);
    });
    return found == home_.end() ? last_registered_ : *found;
}

void Customers::begin(const Shared& payment) {
    payment->at = network_.clock.now();
    payment->result.transaction_id = network_.books.new_receipt();
    payment->result.result_code = "0";
    if (payment->urls.validation.empty()) return settle(payment);
    // The balance is blank at validation.
    network_.courier.send(
        parcel_of(*payment, payment->urls.validation, ""), {},
        [this, payment](const web::WebResponse& response) { take_validation(payment, response); });
}

// An organization that does not answer in time has chosen beforehand what happens then.
void Customers::take_validation(const Shared& payment, const web::WebResponse& response) {
    payment->result.validation_status = response.status;
    const json::Value answer = read_answer(response);
    std::string code = text_of(answer, "ResultCode");
    if (code.empty()) code = payment->urls.completes_without_validation ? "0" : "C2B00016";
    payment->third_party_id = text_of(answer, "ThirdPartyTransID");
    payment->result.result_code = code;
    const bool is_accepted = std::all_of(code.begin(), code.end(), [](char c) { return c == '0'; });
    if (is_accepted) return settle(payment);
    payment->result.status = "rejected";
    if (payment->then) payment->then(payment->result);
}

void Customers::settle(const Shared& payment) {
    network_.books.record({.receipt = payment->result.transaction_id,
                           .direction = Direction::in,
                           .kind = MovementKind::customer_payment,
                           .amount = payment->amount,
                           .phone = control_phone(payment->phone),
                           .short_code = payment->short_code,
                           .reference = payment->bill_reference});
    payment->result.status = "completed";
    if (payment->urls.confirmation.empty()) return;
    const std::string balance = amount_text(network_.books.balance_of(payment->short_code));
    network_.courier.send(parcel_of(*payment, payment->urls.confirmation, balance), {},
                          [payment](const web::WebResponse& response) {
                              payment->result.confirmation_status = response.status;
                              if (payment->then) payment->then(payment->result);
                          });
}

Parcel Customers::parcel_of(const Payment& payment, const std::string& url,
                            const std::string& balance) const {
    return {.url = url, .body = notice_of(payment, balance), .phone = control_phone(payment.phone)};
}

std::string Customers::notice_of(const Payment& payment, const std::string& balance) const {
    const PersonName name = name_of_phone(payment.phone);
    json::Writer body;
    body.begin_object();
    body.member("TransactionType", payment.transaction_type);
    body.member("TransID", payment.result.transaction_id);
    body.member("TransTime", compact_time(payment.at));
    body.member("TransAmount", amount_text(payment.amount));
    body.member("BusinessShortCode", payment.short_code);
    body.member("BillRefNumber", payment.bill_reference);
    body.member("InvoiceNumber", "");
    body.member("OrgAccountBalance", balance);
    body.member("ThirdPartyTransID", payment.third_party_id);
    body.member("MSISDN", masked(payment.phone));
    body.member("FirstName", name.first);
    body.member("MiddleName", "");
    body.member("LastName", name.last);
    body.end_object();
    return body.take();
}

}  // namespace pamoja::sandbox::daraja
