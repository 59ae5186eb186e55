#include "connectors/mail/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/failure.hpp"
#include "crypto/base64.hpp"

namespace pamoja::mail {
namespace {

constexpr std::size_t address_length_max = 254;
constexpr std::size_t header_length_max = 900;
constexpr std::size_t body_line_length = 76;
// An encoded word has at most 75 characters, of which "=?UTF-8?B?" and "?=" take twelve: 45 bytes make 60.
constexpr std::size_t encoded_word_bytes = 45;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void require_header(std::string_view field, std::string_view text) {
    require_field(std::none_of(text.begin(), text.end(), is_control), field, "invalid",
                  "A mail header holds no line ends or other control characters.");
    require_field(text.size() <= header_length_max, field, "too_long", "A mail header is too long.");
}

void require_address(std::string_view field, std::string_view address) {
    require_field(is_mail_address(address), field, "invalid", "This is no mail address.");
}

// RFC 2047: pieces of whole characters, each on a line of its own.
std::string encoded_words(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        std::size_t length = std::min(text.size(), encoded_word_bytes);
        while (length < text.size() && length > 1 &&
               (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
            --length;
        if (!result.empty()) result += "\r\n ";
        result += "=?UTF-8?B?" + crypto::to_base64(text.substr(0, length)) + "?=";
        text.remove_prefix(length);
    }
    return result;
}

// A line of a mail may have 998 characters and should have 78: long texts are folded by being encoded.
std::string unstructured(std::string_view text) {
    constexpr std::size_t plain_length_max = 60;
    const bool looks_encoded = text.find("=?") != std::string_view::npos;
    return is_ascii(text) && !looks_encoded && text.size() <= plain_length_max ? std::string(text)
                                                                               : encoded_words(text);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

std::string mailbox_text(const Mailbox& mailbox) {
    if (mailbox.name.empty()) return mailbox.address;
    const bool is_plain = is_ascii(mailbox.name) && mailbox.name.size() <= body_line_length / 2 &&
                          mailbox.name.find("=?") == std::string::npos;
    const std::string name = is_plain ? quoted(mailbox.name) : encoded_words(mailbox.name);
    return name + " <" + mailbox.address + ">";
}

std::string date_text(Timestamp at) {
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::sys_seconds instant{std::chrono::seconds(at.seconds())};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day calendar(day);
    const std::chrono::hh_mm_ss time(instant - day);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(calendar.day()),
                       months[static_cast<unsigned>(calendar.month()) - 1], static_cast<int>(calendar.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string base64_lines(std::string_view text) {
    const std::string encoded = crypto::to_base64(text);
    std::string lines;
    for (std::size_t at = 0; at < encoded.size(); at += body_line_length) {
        lines += encoded.substr(at, body_line_length) + "\r\n";
    }
    return lines;
}

// Base64 leaves no line of the body to be read as anything else on its way.
std::string part(std::string_view subtype, std::string_view text) {
    return fmt::format("Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                       subtype, base64_lines(text));
}

std::string body_of(const Message& message, std::string_view boundary) {
    if (message.html.empty()) return part("plain", message.text);
    return fmt::format(
        "Content-Type: multipart/alternative; boundary=\"{0}\"\r\n\r\n"
        "--{0}\r\n{1}--{0}\r\n{2}--{0}--\r\n",
        boundary, part("plain", message.text), part("html", message.html));
}

}  // namespace

bool is_mail_address(std::string_view address) {
    const auto at = address.find('@');
    if (at == std::string_view::npos || at == 0 || address.size() > address_length_max) return false;
    const std::string_view local = address.substr(0, at);
    const std::string_view domain = address.substr(at + 1);
    const auto is_letter_or_digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto is_local = [&](char c) {
        return is_letter_or_digit(c) ||
               std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    };
    const auto is_domain = [&](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; };
    const auto has_empty_label = [](std::string_view text) {
        return text.empty() || text.front() == '.' || text.back() == '.' ||
               text.find("..") != std::string_view::npos;
    };
    return local.size() <= 64 && std::all_of(local.begin(), local.end(), is_local) &&
           std::all_of(domain.begin(), domain.end(), is_domain) && !has_empty_label(local) &&
           !has_empty_label(domain) && domain.front() != '-' && domain.back() != '-';
}

std::string compose(const Message& message, const Mailbox& from, Timestamp date, std::string_view message_id,
                    std::string_view boundary) {
    require_address("from", from.address);
    require_address("to", message.to.address);
    if (!message.reply_to.empty()) require_address("reply_to", message.reply_to);
    require_header("from", from.name);
    require_header("to", message.to.name);
    require_header("subject", message.subject);
    require_header("message_id", message_id);
    const std::string& unsubscribe = message.list_unsubscribe_url;
    require_header("list_unsubscribe_url", unsubscribe);
    require_field(unsubscribe.empty() || (unsubscribe.starts_with("https://") && is_ascii(unsubscribe) &&
                                          unsubscribe.find_first_of("<> ") == std::string::npos),
                  "list_unsubscribe_url", "invalid", "The address to unsubscribe at is no https URL.");

    std::string mail = "Date: " + date_text(date) + "\r\nFrom: " + mailbox_text(from) +
                       "\r\nTo: " + mailbox_text(message.to) +
                       "\r\nSubject: " + unstructured(message.subject) + "\r\nMessage-ID: <" +
                       std::string(message_id) + ">\r\n";
    if (!message.reply_to.empty()) mail += "Reply-To: " + message.reply_to + "\r\n";
    if (!unsubscribe.empty()) {
        mail += "List-Unsubscribe: <" + unsubscribe +
                ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
    }
    return mail + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n" + body_of(message, boundary);
}

}  // namespace pamoja::mail
