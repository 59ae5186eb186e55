#include "sandbox/daraja/safaricom.hpp"

#include "base/failure.hpp"
#include "base/phone.hpp"
#include "sandbox/listing.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::size_t requests_max = 10'000;

json::Value parse_or_text(const std::string& text) {
    try {
        return json::parse(text, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return json::Value(text);
    }
}

// Whom a request is about, in E.164 form.
std::string phone_in(const json::Value& body) {
    for (const char* name : {"PhoneNumber", "PartyB", "Msisdn"}) {
        const json::Value* value = body.find(name);
        const auto phone = value == nullptr ? std::nullopt : normalize_phone(value->text_or_empty(), "KE");
        if (phone) return *phone;
    }
    return {};
}

std::vector<std::string> short_codes_of(const Passkeys& passkeys) {
    std::vector<std::string> short_codes;
    for (const auto& [short_code, passkey] : passkeys) short_codes.push_back(short_code);
    return short_codes;
}

// The phone of a control call, which people write in any of its forms.
std::string required_phone(const std::string& text) {
    const auto phone = normalize_phone(text, "KE");
    require_field(phone && phone->starts_with("+254"), "phone", "invalid",
                  "Give a Kenyan mobile number, such as +254700123456.");
    return *phone;
}

std::string phone_filter(const http::Request& request) {
    const std::string text = parameter_of(request, "phone");
    return text.empty() ? text : required_phone(text);
}

}  // namespace

void LoggedRequest::describe(Fields& f) {
    f("path", path);
    f("phone", phone);
    f("body", body);
    f("status", status);
    f("answer", answer);
    f("at", at);
}

Safaricom::Safaricom(const Passkeys& passkeys, const Clock& clock, Random& random)
    : network_(clock, random),
      access_(clock, random),
      pushes_(network_, passkeys),
      payouts_(network_),
      inquiries_(network_, payouts_),
      customers_(network_, short_codes_of(passkeys)) {}

void Safaricom::start() {
    network_.courier.start();
    network_.decisions.start();
}

void Safaricom::stop() {
    network_.decisions.stop();
    network_.courier.stop();
}

void Safaricom::reset() {
    network_.decisions.clear();
    network_.courier.reset();
    network_.script.clear();
    pushes_.clear();
    payouts_.clear();
    network_.books.clear();
    const std::lock_guard lock(mutex_);
    requests_.clear();
}

void Safaricom::mount(Routes& routes) {
    mount_api(routes);
    mount_control(routes);
}

void Safaricom::mount_api(Routes& routes) {
    const auto post = [&](const char* path, Operation operation) {
        routes.on("POST", path, [this, operation = std::move(operation)](const http::Request& request) {
            return answer(request, operation);
        });
    };
    routes.on("GET", "/oauth/v1/generate", [this](const http::Request& request) {
        try {
            return access_.generate(request);
        } catch (const Refusal& refusal) {
            return refusal.response(network_.random);
        }
    });
    post("/mpesa/stkpush/v1/processrequest", [this](const Command& c) { return pushes_.request(c); });
    post("/mpesa/stkpushquery/v1/query", [this](const Command& c) { return pushes_.query(c); });
    post("/mpesa/b2c/v1/paymentrequest",
         [this](const Command& c) { return payouts_.request(c, PayoutVersion::v1); });
    post("/mpesa/b2c/v3/paymentrequest",
         [this](const Command& c) { return payouts_.request(c, PayoutVersion::v3); });
    post("/mpesa/transactionstatus/v1/query",
         [this](const Command& c) { return inquiries_.transaction_status(c); });
    post("/mpesa/accountbalance/v1/query",
         [this](const Command& c) { return inquiries_.account_balance(c); });
    post("/mpesa/reversal/v1/request", [this](const Command& c) { return inquiries_.reverse(c); });
    for (const std::string version : {"v1", "v2"}) {
        const std::string root = "/mpesa/c2b/" + version;
        post((root + "/registerurl").c_str(),
             [this](const Command& c) { return customers_.register_urls(c); });
        post((root + "/simulate").c_str(), [this](const Command& c) { return customers_.simulate(c); });
    }
    const auto stranger = [this](const http::Request&, bool is_known) {
        const Refusal refusal = is_known ? Refusal(405, "405.001", "Method Not Allowed")
                                         : Refusal(404, "404.001.01", "Resource not found");
        return refusal.response(network_.random);
    };
    routes.strangers_under("/mpesa/", stranger);
    routes.strangers_under("/oauth/", stranger);
}

void Safaricom::mount_control(Routes& routes) {
    routes.on("POST", "/control/mpesa/next", [this](const http::Request& request) {
        auto instruction = read_json<Instruction>(json_of(request), control_style);
        instruction.phone = required_phone(instruction.phone);
        network_.script.set(instruction.phone, instruction);
        return json_response(200, write_json(instruction, control_style));
    });
    routes.on_later("POST", "/control/mpesa/c2b",
                    [this](const http::Request& request, const http::Responder& respond) {
                        customers_.pay(read_json<MenuPayment>(json_of(request), control_style),
                                       [respond](const MenuPaymentResult& result) {
                                           respond(json_response(200, write_json(result, control_style)));
                                       });
                    });
    routes.on("GET", "/control/mpesa/requests", [this](const http::Request& request) {
        return json_response(200, "{\"requests\":" + listing(requests_of(phone_filter(request))) + "}");
    });
    routes.on("GET", "/control/mpesa/callbacks", [this](const http::Request& request) {
        const auto delivered = network_.courier.delivered(phone_filter(request));
        return json_response(200, "{\"callbacks\":" + listing(delivered) + "}");
    });
    routes.on("GET", "/control/mpesa/statement", [this](const http::Request&) { return statement(); });
    routes.on("GET", "/control/mpesa/certificate", [this](const http::Request&) {
        http::Response response = json_response(200, certificate_pem());
        response.content_type = "application/x-pem-file";
        return response;
    });
}

http::Response Safaricom::answer(const http::Request& request, const Operation& operation) {
    http::Response response;
    try {
        access_.require_token(request);
        response.body = operation(Command(request.body));
    } catch (const Refusal& refusal) {
        response = refusal.response(network_.random);
    }
    log(request, response);
    return response;
}

void Safaricom::log(const http::Request& request, const http::Response& response) {
    LoggedRequest logged{.path = request.path,
                         .phone = "",
                         .body = parse_or_text(request.body),
                         .status = response.status,
                         .answer = parse_or_text(response.body),
                         .at = machine_clock_.now().precise_text()};
    logged.phone = phone_in(logged.body);
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(logged));
    if (requests_.size() > requests_max) requests_.pop_front();
}

std::vector<LoggedRequest> Safaricom::requests_of(const std::string& phone) {
    const std::lock_guard lock(mutex_);
    std::vector<LoggedRequest> result;
    for (auto each = requests_.rbegin(); each != requests_.rend(); ++each) {
        if (phone.empty() || each->phone == phone) result.push_back(*each);
    }
    return result;
}

http::Response Safaricom::statement() {
    const auto movements = network_.books.statement();
    Money in = Money::zero(Currency("KES"));
    Money out = in;
    for (const Movement& movement : movements) {
        Money& total = movement.direction == Direction::in ? in : out;
        total = total + movement.amount;
    }
    return json_response(200, "{\"entries\":" + listing(movements) + ",\"total_in\":" + amount_text(in) +
                                  ",\"total_out\":" + amount_text(out) + "}");
}

}  // namespace pamoja::sandbox::daraja
