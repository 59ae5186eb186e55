#include "sandbox/smtp/session.hpp"

#include <gmock/gmock.h>

namespace pamoja::sandbox {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class SmtpSessionTest : public testing::Test {
  protected:
    std::vector<std::string> delivered_;
    SmtpSession session_{[this](const std::string& recipient, const std::string& mail) {
        delivered_.push_back(recipient + ": " + mail);
    }};
};

TEST_F(SmtpSessionTest, TakesAMailForSeveral) {
    EXPECT_THAT(session_.take("EHLO me"), StartsWith("250-"));
    EXPECT_THAT(session_.take("mail from:<>"), StartsWith("250 "));
    EXPECT_THAT(session_.take("RCPT TO:<ann@example.com>"), StartsWith("250 "));
    EXPECT_THAT(session_.take("RCPT TO:<bob@example.com> X=1"), StartsWith("250 "));
    EXPECT_THAT(session_.take("DATA"), StartsWith("354 "));
    EXPECT_EQ(session_.take("Subject: x"), "");
    EXPECT_EQ(session_.take(""), "");
    EXPECT_EQ(session_.take("..."), "");
    EXPECT_THAT(session_.take("."), StartsWith("250 "));
    EXPECT_THAT(delivered_, ElementsAre("ann@example.com: Subject: x\r\n\r\n..\r\n",
                                        "bob@example.com: Subject: x\r\n\r\n..\r\n"));
    EXPECT_THAT(session_.take("DATA"), StartsWith("503 "));
    EXPECT_THAT(session_.take("QUIT"), StartsWith("221 "));
    EXPECT_TRUE(session_.is_over());
}

TEST_F(SmtpSessionTest, RefusesWhatComesInTheWrongOrder) {
    EXPECT_THAT(session_.take("RCPT TO:<ann@example.com>"), StartsWith("503 "));
    EXPECT_THAT(session_.take("MAIL FROM:ann"), StartsWith("501 "));
    EXPECT_THAT(session_.take("MAIL FROM:<a@b>"), StartsWith("250 "));
    EXPECT_THAT(session_.take("MAIL FROM:<a@b>"), StartsWith("503 "));
    EXPECT_THAT(session_.take("RCPT TO:<>"), StartsWith("501 "));
    EXPECT_THAT(session_.take("DATA"), StartsWith("503 "));
    EXPECT_THAT(session_.take("EXPN all"), StartsWith("502 "));
    EXPECT_THAT(session_.take("RSET"), StartsWith("250 "));
    EXPECT_THAT(session_.take("MAIL FROM:<a@b>"), StartsWith("250 "));
}

TEST_F(SmtpSessionTest, RefusesAMailThatIsTooLarge) {
    session_.take("MAIL FROM:<a@b>");
    session_.take("RCPT TO:<ann@example.com>");
    session_.take("DATA");
    const std::string line(1 << 20, 'x');
    for (int i = 0; i < 11; ++i) EXPECT_EQ(session_.take(line), "");
    EXPECT_THAT(session_.take("."), StartsWith("552 "));
    EXPECT_TRUE(delivered_.empty());
}

TEST_F(SmtpSessionTest, WelcomesEverybody) {
    EXPECT_THAT(session_.take("AUTH PLAIN AGEAYg=="), StartsWith("235 "));
    EXPECT_THAT(session_.take("AUTH PLAIN"), StartsWith("334 "));
    EXPECT_THAT(session_.take("AGEAYg=="), StartsWith("235 "));
    EXPECT_THAT(session_.take("AUTH LOGIN"), StartsWith("334 "));
    EXPECT_THAT(session_.take("YQ=="), StartsWith("334 "));
    EXPECT_THAT(session_.take("Yg=="), StartsWith("235 "));
    EXPECT_THAT(session_.take("AUTH PLAIN"), StartsWith("334 "));
    EXPECT_THAT(session_.take("*"), StartsWith("501 "));
}

}  // namespace
}  // namespace pamoja::sandbox
