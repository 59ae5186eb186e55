#include "sandbox/daraja/pushes.hpp"

#include "crypto/base64.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr int server_error = 500;
constexpr std::size_t reference_length_max = 12;
// Longer prompts do not fit on a handset.
constexpr std::size_t description_length_max = 182;

// "20191219102036", of an instant that exists.
bool is_timestamp(const std::string& text) {
    constexpr std::size_t length = 14;
    if (text.size() != length || text.find_first_not_of("0123456789") != std::string::npos) return false;
    return Timestamp::parse(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + "T" +
                            text.substr(8, 2) + ":" + text.substr(10, 2) + ":" + text.substr(12, 2) + "Z")
        .has_value();
}

// "ws_CO_191220191020363925…": day before month before year.
std::string new_checkout_id(Network& network) {
    constexpr std::size_t tail_length = 12;
    const std::string now = compact_time(network.clock.now());
    return "ws_CO_" + now.substr(6, 2) + now.substr(4, 2) + now.substr(0, 4) + now.substr(8) +
           network.random.digits(tail_length);
}

void write_item(json::Writer& body, std::string_view name, std::string_view raw_value) {
    body.begin_object();
    body.member("Name", name);
    if (!raw_value.empty()) {
        body.name("Value");
        body.raw(raw_value);
    }
    body.end_object();
}

}  // namespace

std::string Pushes::request(const Command& command) {
    Push push = read(command);
    push.plan = network_.script.take(control_phone(push.phone));
    if (push.plan.outcome == Outcome::http_500) {
        throw Refusal(server_error, "500.003.01", "Internal Server Error");
    }
    {
        const std::lock_guard lock(mutex_);
        do {
            push.checkout_request_id = new_checkout_id(network_);
        } while (pushes_.find(push.checkout_request_id) != nullptr);
        push.merchant_request_id = network_.random.digits(5) + "-" + network_.random.digits(8) + "-1";
        pushes_.add(push, {push.checkout_request_id});
    }
    schedule(push);

    json::Writer body;
    body.begin_object();
    body.member("MerchantRequestID", push.merchant_request_id);
    body.member("CheckoutRequestID", push.checkout_request_id);
    body.member("ResponseCode", "0");
    body.member("ResponseDescription", "Success. Request accepted for processing");
    body.member("CustomerMessage", "Success. Request accepted for processing");
    body.end_object();
    return body.take();
}

std::string Pushes::query(const Command& command) {
    const std::string short_code = require_merchant(command);
    const std::string id = command.text_within("CheckoutRequestID", 1, 100);
    const std::lock_guard lock(mutex_);
    const Push* push = pushes_.find(id);
    if (push == nullptr || push->short_code != short_code) {
        throw Refusal(server_error, "500.001.1001", "The transaction does not exist");
    }
    if (push->verdict.code.empty()) {
        throw Refusal(server_error, "500.001.1001", "The transaction is being processed");
    }
    json::Writer body;
    body.begin_object();
    body.member("ResponseCode", "0");
    // Safaricom's spelling.
    body.member("ResponseDescription", "The service request has been accepted successsfully");
    body.member("MerchantRequestID", push->merchant_request_id);
    body.member("CheckoutRequestID", push->checkout_request_id);
    body.member("ResultCode", push->verdict.code);  // a text here, a number in the callback
    body.member("ResultDesc", push->verdict.text);
    body.end_object();
    return body.take();
}

void Pushes::clear() {
    const std::lock_guard lock(mutex_);
    pushes_.clear();
}

// The short code, when the password proves that its passkey is known.
std::string Pushes::require_merchant(const Command& command) const {
    const std::string short_code = command.short_code("BusinessShortCode");
    const std::string timestamp = command.text("Timestamp");
    if (!is_timestamp(timestamp)) refuse_field("Timestamp");
    const auto password = crypto::from_base64(command.text("Password"));
    if (!password || password->empty()) refuse_field("Password");
    const auto passkey = passkeys_.find(short_code);
    if (passkey == passkeys_.end()) throw Refusal(server_error, "500.001.1001", "Merchant does not exist");
    if (*password != short_code + passkey->second + timestamp) {
        throw Refusal(server_error, "500.001.1001", "Wrong credentials");
    }
    return short_code;
}

Pushes::Push Pushes::read(const Command& command) const {
    Push push;
    command.one_of("TransactionType", {"CustomerPayBillOnline", "CustomerBuyGoodsOnline"});
    push.amount = command.whole_amount();
    command.phone("PartyA");
    command.short_code("PartyB");
    push.phone = command.phone("PhoneNumber");
    push.callback_url = command.url("CallBackURL");
    push.account_reference = command.text_within("AccountReference", 1, reference_length_max);
    command.text_within("TransactionDesc", 1, description_length_max);
    push.short_code = require_merchant(command);
    return push;
}

void Pushes::schedule(const Push& push) {
    const std::string& id = push.checkout_request_id;
    if (push.plan.outcome == Outcome::late_callback) {
        network_.decisions.after(push.plan.timeout_delay(),
                                 [this, id] { decide(id, timeout_verdict(), false); });
    }
    network_.decisions.after(
        push.plan.delay, [this, id, verdict = verdict_of(push.plan.outcome)] { decide(id, verdict, true); });
}

void Pushes::decide(const std::string& checkout_request_id, Verdict verdict, bool is_told) {
    const std::lock_guard lock(mutex_);
    Push* push = pushes_.find(checkout_request_id);
    if (push == nullptr) return;  // forgotten by a reset
    if (verdict.is_success()) {
        push->movement = *network_.books.record({.direction = Direction::in,
                                                 .kind = MovementKind::push,
                                                 .amount = push->amount,
                                                 .phone = control_phone(push->phone),
                                                 .short_code = push->short_code,
                                                 .reference = push->account_reference});
    }
    push->verdict = std::move(verdict);
    if (!is_told) return;
    tell(network_, push->plan,
         {.url = push->callback_url, .body = callback_of(*push), .phone = control_phone(push->phone)});
}

std::string Pushes::callback_of(const Push& push) const {
    json::Writer body;
    body.begin_object();
    body.name("Body");
    body.begin_object();
    body.name("stkCallback");
    body.begin_object();
    body.member("MerchantRequestID", push.merchant_request_id);
    body.member("CheckoutRequestID", push.checkout_request_id);
    write_code(body, "ResultCode", push.verdict.code);
    body.member("ResultDesc", push.verdict.text);
    if (push.verdict.is_success()) {
        body.name("CallbackMetadata");
        body.begin_object();
        body.name("Item");
        body.begin_array();
        write_item(body, "Amount", amount_text(push.amount));
        write_item(body, "MpesaReceiptNumber", json::quoted(push.movement.receipt));
        // Safaricom sometimes names the balance, and then without a value.
        if (network_.random.below(2) == 0) write_item(body, "Balance", "");
        write_item(body, "TransactionDate", compact_time(network_.clock.now()));
        write_item(body, "PhoneNumber", push.phone);
        body.end_array();
        body.end_object();
    }
    body.end_object();
    body.end_object();
    body.end_object();
    return body.take();
}

}  // namespace pamoja::sandbox::daraja
