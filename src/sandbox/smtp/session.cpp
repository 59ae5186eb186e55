#include "sandbox/smtp/session.hpp"

#include <algorithm>
#include <optional>

namespace pamoja::sandbox {
namespace {

constexpr std::size_t mail_size_max = 10 << 20;
constexpr std::size_t recipients_max = 100;
constexpr std::size_t address_length_max = 320;

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return result;
}

// The address in "MAIL FROM:<ann@example.com> SIZE=10"; empty when there is none, which "<>" is not.
std::optional<std::string> address_in(std::string_view line) {
    const auto begin = line.find('<');
    const auto end = line.find('>', begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
    std::string address(line.substr(begin + 1, end - begin - 1));
    if (address.size() > address_length_max) return std::nullopt;
    return address;
}

}  // namespace

std::string SmtpSession::take(std::string_view line) {
    switch (state_) {
        case State::mail:
            return take_mail_line(line);
        case State::credentials:
            return take_credentials(line);
        case State::commands:
            break;
    }
    return take_command(line);
}

std::string SmtpSession::take_command(std::string_view line) {
    const std::string command = upper(line);
    if (command.starts_with("EHLO")) {
        reset();
        return "250-sandbox\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE " +
               std::to_string(mail_size_max) + "\r\n";
    }
    if (command.starts_with("HELO")) {
        reset();
        return "250 sandbox\r\n";
    }
    if (command.starts_with("AUTH ")) {
        // PLAIN comes in the command or on one line more; LOGIN asks for a name and a password.
        const bool has_initial = std::count(command.begin(), command.end(), ' ') > 1;
        credentials_left_ = (command.starts_with("AUTH LOGIN") ? 2 : 1) - (has_initial ? 1 : 0);
        if (credentials_left_ == 0) return "235 welcome\r\n";
        state_ = State::credentials;
        return "334 \r\n";
    }
    if (command.starts_with("MAIL FROM:")) return begin_mail(line);
    if (command.starts_with("RCPT TO:")) return add_recipient(line);
    if (command == "DATA") {
        if (recipients_.empty()) return "503 nobody to send it to\r\n";
        state_ = State::mail;
        return "354 go on, and end with a dot\r\n";
    }
    if (command == "RSET") {
        reset();
        return "250 forgotten\r\n";
    }
    if (command.starts_with("NOOP")) return "250 nothing done\r\n";
    if (command.starts_with("VRFY")) return "252 send it and see\r\n";
    if (command == "QUIT") {
        is_over_ = true;
        return "221 goodbye\r\n";
    }
    return "502 no such command\r\n";
}

std::string SmtpSession::take_mail_line(std::string_view line) {
    if (line != ".") {
        if (line.starts_with('.')) line.remove_prefix(1);
        is_too_large_ = is_too_large_ || mail_.size() + line.size() + 2 > mail_size_max;
        if (!is_too_large_) mail_.append(line).append("\r\n");
        return {};
    }
    state_ = State::commands;
    const bool is_refused = is_too_large_;
    if (!is_refused) {
        for (const std::string& recipient : recipients_) deliver_(recipient, mail_);
    }
    reset();
    return is_refused ? "552 the mail is too large\r\n" : "250 taken\r\n";
}

std::string SmtpSession::take_credentials(std::string_view line) {
    if (line == "*") {
        state_ = State::commands;
        return "501 given up\r\n";
    }
    if (--credentials_left_ > 0) return "334 \r\n";
    state_ = State::commands;
    return "235 welcome\r\n";
}

std::string SmtpSession::begin_mail(std::string_view line) {
    if (has_sender_) return "503 one mail at a time\r\n";
    if (!address_in(line)) return "501 no address\r\n";
    has_sender_ = true;
    return "250 sender noted\r\n";
}

std::string SmtpSession::add_recipient(std::string_view line) {
    if (!has_sender_) return "503 who sends it?\r\n";
    if (recipients_.size() >= recipients_max) return "452 too many recipients\r\n";
    const auto address = address_in(line);
    if (!address || address->empty()) return "501 no address\r\n";
    recipients_.push_back(*address);
    return "250 recipient noted\r\n";
}

void SmtpSession::reset() {
    has_sender_ = false;
    is_too_large_ = false;
    recipients_.clear();
    mail_.clear();
}

}  // namespace pamoja::sandbox
