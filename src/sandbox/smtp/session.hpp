#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::sandbox {

// The server's side of one SMTP conversation (RFC 5321), without its connection. Takes mail for anybody, and
// any credentials.
class SmtpSession {
  public:
    // Gets each recipient and the mail as it was sent, dots unstuffed.
    using Deliver = std::function<void(const std::string& recipient, const std::string& mail)>;

    explicit SmtpSession(Deliver deliver) : deliver_(std::move(deliver)) {}

    static std::string greeting() { return "220 sandbox ESMTP\r\n"; }
    // Takes one line without its end; the answer is empty within a mail.
    std::string take(std::string_view line);
    bool is_over() const { return is_over_; }

  private:
    std::string take_command(std::string_view line);
    std::string take_mail_line(std::string_view line);
    std::string take_credentials(std::string_view line);
    std::string begin_mail(std::string_view line);
    std::string add_recipient(std::string_view line);
    void reset();

    Deliver deliver_;
    enum class State { commands, mail, credentials } state_ = State::commands;
    bool has_sender_ = false;
    bool is_too_large_ = false;
    bool is_over_ = false;
    int credentials_left_ = 0;
    std::vector<std::string> recipients_;
    std::string mail_;
};

}  // namespace pamoja::sandbox
