#include "sandbox/smtp/mail_reader.hpp"

#include <gtest/gtest.h>

namespace pamoja::sandbox {
namespace {

TEST(ReadMail, DecodesSubjects) {
    const struct {
        const char* header;
        const char* subject;
    } cases[]{
        {"Plain words", "Plain words"},
        {"=?UTF-8?B?S2FyaWJ1IOKAkw==?=", "Karibu –"},
        {"=?utf-8?q?Wanjik=C5=A9_said=3F?=", "Wanjikũ said?"},
        {"a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d"},
        {"=?utf-8?q?b?=\r\n =?utf-8?q?c?=\r\n d", "bc d"},
        {"=?iso-8859-1?q?caf=E9?=", "café"},
        {"=?utf-8?q?=41=42?=", "AB"},
        {"broken =?utf-8?z?x?= and =?utf-8?q?open", "broken =?utf-8?z?x?= and =?utf-8?q?open"},
        {"=?", "=?"},
        {"", ""},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(read_mail("subject: " + std::string(each.header) + "\r\n\r\nbody").subject, each.subject);
    }
}

TEST(ReadMail, FindsTextAndHtmlInsideOfParts) {
    const ReadMail mail = read_mail(
        "From: a@b\r\nContent-Type: multipart/mixed;\r\n boundary=\"out er\"\r\n\r\npreamble\r\n"
        "--out er\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
        "--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        "quoted-printable\r\n\r\n"
        "one=\r\n two =3D 3\r\n--inner\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n"
        "PGI+aGk8\r\nL2I+\r\n--inner--\r\n\r\n--out er\r\nContent-Type: text/plain\r\n"
        "Content-Disposition: attachment\r\n\r\nfile\r\n--out er--\r\nepilogue\r\n");
    EXPECT_EQ(mail.text, "one two = 3");
    EXPECT_EQ(mail.html, "<b>hi</b>");
}

TEST(ReadMail, GivesWhatItCannotReadAsItCame) {
    EXPECT_EQ(read_mail("\r\nno headers").text, "no headers");
    EXPECT_EQ(read_mail("Content-Transfer-Encoding: base64\r\n\r\n!!").text, "!!");
    EXPECT_EQ(read_mail("Content-Transfer-Encoding: quoted-printable\r\n\r\na=Zb=").text, "a=Zb=");
    EXPECT_EQ(read_mail("").text, "");
    EXPECT_EQ(read_mail("Content-Type: multipart/mixed\r\n\r\nx").text, "");
    std::string nested;
    for (int i = 0; i < 1000; ++i) nested += "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    EXPECT_EQ(read_mail(nested).text, "");
}

}  // namespace
}  // namespace pamoja::sandbox
