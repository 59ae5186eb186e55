#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace pamoja::mail {

struct Mailbox {
    std::string address{};  // "ann@example.com"; ASCII
    std::string name{};     // any UTF-8; may be empty
};

struct Message {
    Mailbox to{};
    std::string subject{};
    std::string text{};
    std::string html{};                  // may be empty: then the mail is plain text
    std::string reply_to{};              // may be empty
    std::string list_unsubscribe_url{};  // may be empty; https
};

// False for what is no address that we send to: control characters, spaces, brackets, no or two @.
bool is_mail_address(std::string_view address);

// The mail as RFC 5322 with CRLF line ends: encoded words for names and subjects outside ASCII, base64
// bodies, multipart/alternative where there is HTML. Throws Failure(validation_failed) for an address that is
// none and for a line end or other control character in any header.
std::string compose(const Message&, const Mailbox& from, Timestamp date, std::string_view message_id,
                    std::string_view boundary);

}  // namespace pamoja::mail
