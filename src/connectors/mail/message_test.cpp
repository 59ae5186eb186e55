#include "connectors/mail/message.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "base/failure.hpp"
#include "crypto/base64.hpp"

namespace pamoja::mail {
namespace {

const Timestamp date = *Timestamp::parse("2025-12-05T14:48:13Z");
const Mailbox from{.address = "no-reply@pamoja.example", .name = "Pamoja"};

Message message() {
    return {.to = {.address = "ann@example.com", .name = "Ann"},
            .subject = "Loan approved",
            .text = "Your loan was approved.\n",
            .html = "<p>Your loan was approved.</p>"};
}

std::string composed(const Message& mail) {
    return compose(mail, from, date, "id-1@pamoja.example", "boundary-1");
}

// The value of a header, with its folds taken out.
std::string header_of(const std::string& mail, const std::string& name) {
    const auto start = ("\r\n" + mail).find("\r\n" + name + ": ");
    if (start == std::string::npos) return "absent";
    std::string value = mail.substr(start + name.size() + 2);
    auto end = value.find("\r\n");
    while (value.compare(end + 2, 1, " ") == 0) end = value.erase(end, 2).find("\r\n", end);
    return value.substr(0, end);
}

TEST(Compose, WritesBothFormsOfTheText) {
    const std::string expected =
        "Date: Fri, 05 Dec 2025 14:48:13 +0000\r\n"
        "From: \"Pamoja\" <no-reply@pamoja.example>\r\n"
        "To: \"Ann\" <ann@example.com>\r\n"
        "Subject: Loan approved\r\n"
        "Message-ID: <id-1@pamoja.example>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"boundary-1\"\r\n\r\n"
        "--boundary-1\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "WW91ciBsb2FuIHdhcyBhcHByb3ZlZC4K\r\n"
        "--boundary-1\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "PHA+WW91ciBsb2FuIHdhcyBhcHByb3ZlZC48L3A+\r\n"
        "--boundary-1--\r\n";
    EXPECT_EQ(composed(message()), expected);
}

TEST(Compose, WritesPlainTextAloneWhereThereIsNoHtml) {
    auto mail = message();
    mail.html = "";
    const std::string text = composed(mail);
    EXPECT_EQ(header_of(text, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(text.find("multipart"), std::string::npos);
}

TEST(Compose, EncodesWhatIsNotAscii) {
    auto mail = message();
    mail.subject = "Mkopo umeidhinishwa – hongera sana, ndugu yangu mpendwa wa karibu 🎉🎉🎉🎉🎉🎉🎉🎉";
    mail.to.name = "Wanjikũ";
    const std::string text = composed(mail);
    EXPECT_EQ(header_of(text, "To"), "=?UTF-8?B?" + crypto::to_base64("Wanjikũ") + "?= <ann@example.com>");
    std::istringstream words(header_of(text, "Subject"));
    std::string subject;
    for (std::string word; words >> word;) {
        EXPECT_LE(word.size(), 75u);
        const auto piece = crypto::from_base64(word.substr(10, word.size() - 12));
        ASSERT_TRUE(piece) << word;
        EXPECT_NE(static_cast<unsigned char>((*piece)[0]) & 0xc0, 0x80) << "a character was cut in two";
        subject += *piece;
    }
    EXPECT_EQ(subject, mail.subject);
}

TEST(Compose, QuotesNamesAndEncodesWhatLooksEncoded) {
    auto mail = message();
    mail.to.name = R"(Ann "the \ boss", <admin@example.com>)";
    mail.subject = "=?UTF-8?B?SGk=?=";
    const std::string text = composed(mail);
    EXPECT_EQ(header_of(text, "To"), R"("Ann \"the \\ boss\", <admin@example.com>" <ann@example.com>)");
    EXPECT_EQ(header_of(text, "Subject"), "=?UTF-8?B?" + crypto::to_base64(mail.subject) + "?=");
}

TEST(Compose, LetsNoHeaderIn) {
    const std::string evils[] = {"x\r\nBcc: all@example.com", "x\nBcc: all@example.com", "x\rBcc: a@b.c",
                                 std::string("x\0y", 3), "x\x7f"};
    for (const std::string& evil : evils) {
        for (const auto& place : {&Message::subject, &Message::reply_to, &Message::list_unsubscribe_url}) {
            auto mail = message();
            mail.*place = evil;
            EXPECT_THROW(composed(mail), Failure) << evil;
        }
        auto mail = message();
        mail.to.name = evil;
        EXPECT_THROW(composed(mail), Failure) << evil;
        mail = message();
        mail.to.address = "ann@example.com" + evil;
        EXPECT_THROW(composed(mail), Failure) << evil;
        EXPECT_THROW(compose(message(), {.address = "a@b.example", .name = evil}, date, "i@d", "b"), Failure);
        mail = message();
        mail.text = evil + "\r\n.\r\nMAIL FROM:<x@y.z>\r\n";
        EXPECT_EQ(composed(mail).find("Bcc"), std::string::npos);
        EXPECT_EQ(composed(mail).find("MAIL FROM"), std::string::npos);
    }
}

TEST(Compose, AddsReplyToAndUnsubscribe) {
    auto mail = message();
    mail.reply_to = "help@pamoja.example";
    mail.list_unsubscribe_url = "https://pamoja.example/u/1";
    const std::string text = composed(mail);
    EXPECT_EQ(header_of(text, "Reply-To"), "help@pamoja.example");
    EXPECT_EQ(header_of(text, "List-Unsubscribe"), "<https://pamoja.example/u/1>");
    EXPECT_EQ(header_of(text, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    mail.list_unsubscribe_url = "javascript:alert(1)";
    EXPECT_THROW(composed(mail), Failure);
}

TEST(Compose, KeepsEveryLineShort) {
    auto mail = message();
    mail.subject = std::string(500, 's');
    mail.to.name = std::string(300, 'n');
    mail.text = std::string(100'000, 't');
    std::istringstream lines(composed(mail));
    for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(line.ends_with('\r'));
        EXPECT_LE(line.size(), 120u) << line;
    }
    mail.subject = std::string(1000, 's');
    EXPECT_THROW(composed(mail), Failure);
}

TEST(MailAddress, IsOneLocalPartAtOneDomain) {
    for (const char* good :
         {"a@b", "ann@example.com", "ann.b+tag@mail.example.co.ke", "o'neil@example.com", "1@2.3"}) {
        EXPECT_TRUE(is_mail_address(good)) << good;
    }
    for (const std::string& bad : {std::string(),
                                   std::string("@"),
                                   std::string("a@"),
                                   std::string("@b"),
                                   std::string("a@b@c"),
                                   std::string("a b@c.d"),
                                   std::string("a@b c.d"),
                                   std::string("<a@b.c>"),
                                   std::string("a@b.c,d@e.f"),
                                   std::string("a@b.c\n"),
                                   std::string(".a@b.c"),
                                   std::string("a..b@c.d"),
                                   std::string("a@.b"),
                                   std::string("a@b."),
                                   std::string("a@-b.c"),
                                   std::string("\"a b\"@c.d"),
                                   std::string("ä@b.c"),
                                   std::string("a@b.c>"),
                                   std::string(65, 'a') + "@b.c",
                                   "a@" + std::string(254, 'b')}) {
        EXPECT_FALSE(is_mail_address(bad)) << bad;
    }
}

}  // namespace
}  // namespace pamoja::mail
