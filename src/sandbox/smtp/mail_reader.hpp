#pragma once
#include <string>
#include <string_view>

namespace pamoja::sandbox {

// What a person would see of a mail.
struct ReadMail {
    std::string subject;
    std::string text;  // of the first text/plain part
    std::string html;  // of the first text/html part
};

// Reads a mail (RFC 5322 and MIME): encoded words, multipart bodies, quoted-printable and base64, UTF-8 and
// Latin-1. Never throws: what it cannot read it gives as it came.
ReadMail read_mail(std::string_view mail);

}  // namespace pamoja::sandbox
