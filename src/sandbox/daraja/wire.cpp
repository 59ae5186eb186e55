#include "sandbox/daraja/wire.hpp"

#include <algorithm>
#include <array>

#include "base/failure.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr int bad_request = 400;
constexpr std::int64_t minor_max = 250'000'00;
constexpr std::int64_t cents = 100;

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

json::Value parse_object(std::string_view body) {
    try {
        json::Value value = json::parse(body, {.depth_max = 8, .values_max = 200});
        if (value.object() != nullptr) return value;
    } catch (const Failure&) {
        // What is not JSON is refused like what is no object.
    }
    throw Refusal(bad_request, "400.002.05", "Invalid Request Payload");
}

}  // namespace

void refuse_field(std::string_view name) {
    throw Refusal(bad_request, "400.002.02", "Bad Request - Invalid " + std::string(name));
}

http::Response Refusal::response(Random& random) const {
    json::Writer body;
    body.begin_object();
    body.member("requestId", random.digits(5) + "-" + random.digits(8) + "-1");
    body.member("errorCode", code_);
    body.member("errorMessage", message_);
    body.end_object();
    return json_response(status_, body.take());
}

Command::Command(std::string_view body) : body_(parse_object(body)) {}

std::string Command::text(std::string_view name) const {
    const json::Value* value = body_.find(name);
    return value == nullptr ? std::string() : value->text_or_empty();
}

std::string Command::text_within(std::string_view name, std::size_t length_min,
                                 std::size_t length_max) const {
    std::string value = text(name);
    if (value.size() < length_min || value.size() > length_max) refuse_field(name);
    return value;
}

std::string Command::one_of(std::string_view name, std::initializer_list<std::string_view> choices) const {
    std::string value = text(name);
    if (std::find(choices.begin(), choices.end(), value) == choices.end()) refuse_field(name);
    return value;
}

std::string Command::url(std::string_view name) const {
    constexpr std::size_t length_max = 2'048;
    std::string value = text_within(name, 1, length_max);
    const auto scheme = value.find("://");
    const bool is_web = value.starts_with("http://") || value.starts_with("https://");
    const bool is_printable =
        std::all_of(value.begin(), value.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (!is_web || !is_printable || value.size() == scheme + 3) refuse_field(name);
    return value;
}

std::string Command::phone(std::string_view name) const {
    constexpr std::size_t length = 12;
    std::string value = text(name);
    const bool is_mobile = value.starts_with("2547") || value.starts_with("2541");
    if (value.size() != length || !is_digits(value) || !is_mobile) refuse_field(name);
    return value;
}

std::string Command::short_code(std::string_view name) const {
    std::string value = text_within(name, 5, 7);
    if (!is_digits(value)) refuse_field(name);
    return value;
}

std::string Command::initiator(std::string_view name) const {
    constexpr std::size_t length_max = 100;
    return text_within(name, 1, length_max);
}

Money Command::whole_amount() const {
    const auto amount = Money::parse_major(text("Amount"), Currency("KES"));
    const bool is_payable = amount && amount->is_positive() && amount->minor() <= minor_max;
    if (!is_payable || amount->minor() % cents != 0) refuse_field("Amount");
    return *amount;
}

std::string control_phone(const std::string& handset) {
    return handset.empty() ? handset : "+" + handset;
}

PersonName name_of_phone(const std::string& handset) {
    constexpr std::array<PersonName, 8> people{{{"John", "Kamau"},
                                                {"Amina", "Hassan"},
                                                {"Peter", "Otieno"},
                                                {"Grace", "Wanjiku"},
                                                {"Brian", "Kiprono"},
                                                {"Faith", "Mutua"},
                                                {"Samuel", "Barasa"},
                                                {"Zawadi", "Mwangi"}}};
    std::size_t sum = 0;
    for (char digit : handset) sum = sum * 3 + static_cast<std::size_t>(digit);
    return people[sum % people.size()];
}

std::string public_name(const std::string& handset) {
    const PersonName name = name_of_phone(handset);
    return handset + " - " + std::string(name.first) + " " + std::string(name.last);
}

std::string compact_time(Timestamp instant) {
    return local_digits(instant, "Africa/Nairobi");
}

std::string dotted_time(Timestamp instant) {
    const std::string t = compact_time(instant);
    return t.substr(6, 2) + "." + t.substr(4, 2) + "." + t.substr(0, 4) + " " + t.substr(8, 2) + ":" +
           t.substr(10, 2) + ":" + t.substr(12, 2);
}

std::string amount_text(const Money& amount) {
    return format_scaled(amount.minor(), amount.currency().decimals(), 2);
}

void write_code(json::Writer& body, std::string_view name, const std::string& code) {
    body.name(name);
    if (is_digits(code)) {
        body.raw(code);
    } else {
        body.string(code);
    }
}

}  // namespace pamoja::sandbox::daraja
