#include "sandbox/dns/zone.hpp"

#include <algorithm>
#include <cstdint>

#include "base/failure.hpp"

namespace pamoja::sandbox {
namespace {

constexpr std::size_t names_max = 10'000;
constexpr std::size_t name_length_max = 253;
constexpr std::size_t label_length_max = 63;
constexpr std::size_t header_bytes = 12;
constexpr std::size_t packet_bytes_max = 512;  // of an answer over UDP without extensions
constexpr std::size_t string_bytes_max = 255;
constexpr std::size_t record_bytes = 12;  // before its data: a pointer, type, class, time to live, length

constexpr std::uint16_t type_txt = 16;
constexpr std::uint16_t type_any = 255;
constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t flag_answer = 0x8000;
constexpr std::uint16_t opcode_mask = 0x7800;
constexpr std::uint16_t flag_authoritative = 0x0400;
constexpr std::uint16_t flag_recursion_desired = 0x0100;

enum class Result : std::uint16_t { good = 0, malformed = 1, no_such_name = 3, not_implemented = 4 };

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string normalized_name(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return lower(name);
}

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > name_length_max) return false;
    while (true) {
        const auto dot = name.find('.');
        const auto label = name.substr(0, dot);
        if (label.empty() || label.size() > label_length_max) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

// As strings of at most 255 bytes, each behind its length.
std::string record_data(std::string_view value) {
    std::string data;
    do {
        const auto part = value.substr(0, string_bytes_max);
        data += static_cast<char>(part.size());
        data += part;
        value.remove_prefix(part.size());
    } while (!value.empty());
    return data;
}

void append_number(std::string& bytes, std::uint16_t number) {
    bytes += static_cast<char>(number >> 8);
    bytes += static_cast<char>(number & 0xff);
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(bytes[i]));
    };
    return static_cast<std::uint16_t>(byte(at) << 8 | byte(at + 1));
}

struct Question {
    std::string name;
    std::uint16_t type = 0;
    std::uint16_t dns_class = 0;
    std::size_t end = 0;  // where it ends in the packet
};

// The only question of a query; empty when it is cut short or uses pointers, which no question needs.
std::optional<Question> read_question(std::string_view packet) {
    Question question;
    std::size_t at = header_bytes;
    for (;;) {
        if (at >= packet.size()) return std::nullopt;
        const std::size_t length = static_cast<unsigned char>(packet[at++]);
        if (length == 0) break;
        if (length > label_length_max || length > packet.size() - at) return std::nullopt;
        if (!question.name.empty()) question.name += '.';
        question.name += packet.substr(at, length);
        if (question.name.size() > name_length_max) return std::nullopt;
        at += length;
    }
    if (packet.size() - at < 4) return std::nullopt;
    question.type = number_at(packet, at);
    question.dns_class = number_at(packet, at + 2);
    question.end = at + 4;
    return question;
}

struct Reply {
    Result result = Result::good;
    std::uint16_t questions_count = 0;
    std::vector<std::string> values{};
};

std::string write_reply(std::string_view packet, std::string_view question, const Reply& reply) {
    std::string bytes(packet.substr(0, 2));  // the id
    const std::uint16_t asked = number_at(packet, 2);
    append_number(bytes, static_cast<std::uint16_t>(flag_answer | (asked & opcode_mask) | flag_authoritative |
                                                    (asked & flag_recursion_desired) |
                                                    static_cast<std::uint16_t>(reply.result)));
    append_number(bytes, reply.questions_count);
    append_number(bytes, static_cast<std::uint16_t>(reply.values.size()));
    append_number(bytes, 0);
    append_number(bytes, 0);
    bytes += question;
    for (const std::string& value : reply.values) {
        const std::string data = record_data(value);
        append_number(bytes, 0xc000 | header_bytes);  // the name is that of the question
        append_number(bytes, type_txt);
        append_number(bytes, class_in);
        append_number(bytes, 0);  // never to be kept: a test may change it at once
        append_number(bytes, 0);
        append_number(bytes, static_cast<std::uint16_t>(data.size()));
        bytes += data;
    }
    return bytes;
}

}  // namespace

void Zone::set(std::string_view name, std::vector<std::string> values) {
    const std::string key = normalized_name(name);
    require_field(is_name(key), "name", "invalid", "This is no domain name.");
    std::size_t bytes = header_bytes + key.size() + 6;
    for (const std::string& value : values) bytes += record_bytes + record_data(value).size();
    require_field(bytes <= packet_bytes_max, "values", "too_long", "The values do not fit one answer.");
    const std::lock_guard lock(mutex_);
    if (values.empty()) {
        names_.erase(key);
        return;
    }
    require_field(names_.size() < names_max || names_.contains(key), "name", "too_many",
                  "There are too many names already.");
    names_[key] = std::move(values);
}

std::optional<std::vector<std::string>> Zone::find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(normalized_name(name));
    if (found == names_.end()) return std::nullopt;
    return found->second;
}

void Zone::clear() {
    const std::lock_guard lock(mutex_);
    names_.clear();
}

std::string answer_to_dns(std::string_view packet, const Zone& zone) {
    // An answer to an answer could go around between two servers for ever.
    if (packet.size() < header_bytes || (number_at(packet, 2) & flag_answer) != 0) return {};
    if ((number_at(packet, 2) & opcode_mask) != 0) return write_reply(packet, "", {Result::not_implemented});
    const auto question = number_at(packet, 4) == 1 ? read_question(packet) : std::nullopt;
    if (!question) return write_reply(packet, "", {Result::malformed});
    const auto text = packet.substr(header_bytes, question->end - header_bytes);
    auto values = zone.find(question->name);
    if (!values) return write_reply(packet, text, {Result::no_such_name, 1});
    const bool is_for_us =
        question->dns_class == class_in && (question->type == type_txt || question->type == type_any);
    return write_reply(packet, text,
                       {Result::good, 1, is_for_us ? std::move(*values) : std::vector<std::string>{}});
}

}  // namespace pamoja::sandbox
