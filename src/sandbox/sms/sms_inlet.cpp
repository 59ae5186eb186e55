#include "sandbox/sms/sms_inlet.hpp"

#include "base/failure.hpp"
#include "base/phone.hpp"
#include "http/query.hpp"
#include "json/writer.hpp"

namespace pamoja::sandbox {
namespace {

constexpr std::size_t id_bytes = 16;

http::Response plain_response(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
}

// Numbers that stand between commas.
std::vector<std::string> recipients_in(std::string_view list) {
    std::vector<std::string> numbers;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const std::string_view number = list.substr(0, comma);
        if (!number.empty()) numbers.emplace_back(number);
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return numbers;
}

}  // namespace

void SmsInlet::mount(Routes& routes) {
    routes.on("POST", "/version1/messaging", [this](const http::Request& request) { return take(request); });
}

http::Response SmsInlet::take(const http::Request& request) {
    const auto form = http::Query::parse(request.body);
    const auto field = [&](std::string_view name) { return std::string(form.find(name).value_or("")); };
    if (request.header("apiKey").empty() || field("username").empty()) {
        return plain_response(401, "The supplied authentication is invalid");
    }
    const std::string text = field("message");
    const auto numbers = recipients_in(field("to"));
    if (numbers.empty()) return plain_response(400, "Must specify 'to'");
    if (text.empty()) return plain_response(400, "Must specify 'message'");

    json::Writer recipients;
    recipients.begin_array();
    int taken_count = 0;
    for (const std::string& number : numbers) {
        const auto phone = normalize_phone(number, "KE");
        if (phone) {
            inbox_.add({.channel = Channel::sms, .to = *phone, .subject = "", .text = text, .html = ""});
            ++taken_count;
        }
        recipients.begin_object();
        recipients.member("statusCode", phone ? 101 : 403);
        recipients.member("number", number);
        recipients.member("cost", phone ? "KES 0.8000" : "0");
        recipients.member("status", phone ? "Success" : "InvalidPhoneNumber");
        recipients.member("messageId", phone ? "ATXid_" + random_.hex(id_bytes) : std::string("None"));
        recipients.end_object();
    }
    recipients.end_array();

    json::Writer body;
    body.begin_object();
    body.name("SMSMessageData");
    body.begin_object();
    body.member("Message", "Sent to " + std::to_string(taken_count) + "/" + std::to_string(numbers.size()));
    body.name("Recipients");
    body.raw(recipients.text());
    body.end_object();
    body.end_object();
    http::Response response;
    response.status = 201;
    response.body = body.take();
    return response;
}

}  // namespace pamoja::sandbox
