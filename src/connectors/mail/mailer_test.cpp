#include "connectors/mail/mailer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <vector>

#include "connectors/web/testing/loopback_server.hpp"
#include "crypto/base64.hpp"

namespace pamoja::mail {
namespace {

// A small SMTP server. A test says how it answers a command by the command's first word.
class SmtpServer {
  public:
    using Answers = std::map<std::string, std::string>;
    explicit SmtpServer(Answers answers = {}) : answers_(std::move(answers)) {}

    int port() const { return server_.port(); }
    std::vector<std::string> commands() {
        const std::lock_guard lock(mutex_);
        return commands_;
    }
    std::string mail() {
        const std::lock_guard lock(mutex_);
        return mail_;
    }

  private:
    void serve(web::LoopbackServer::Peer& peer) {
        peer.send(answer_to("GREETING", "220 mail.example ESMTP"));
        for (std::string line = peer.line(); !line.empty(); line = peer.line()) {
            line.erase(line.find_last_not_of("\r\n") + 1);
            remember(line);
            const std::string verb = line.substr(0, line.find(' '));
            if (verb == "DATA" && !answers_.contains("DATA")) {
                peer.send("354 go on\r\n");
                take_mail(peer);
                peer.send(answer_to("END", "250 queued"));
            } else {
                peer.send(answer_to(verb, verb == "EHLO" ? "250-mail.example\r\n250 AUTH PLAIN" : "250 ok"));
            }
        }
    }
    void take_mail(web::LoopbackServer::Peer& peer) {
        std::string text;
        for (std::string line = peer.line(); !line.empty() && line != ".\r\n"; line = peer.line())
            text += line;
        const std::lock_guard lock(mutex_);
        mail_ = text;
    }
    std::string answer_to(const std::string& verb, const std::string& usual) const {
        const auto found = answers_.find(verb);
        return (found == answers_.end() ? usual : found->second) + "\r\n";
    }
    void remember(const std::string& command) {
        const std::lock_guard lock(mutex_);
        commands_.push_back(command);
    }

    Answers answers_;
    std::mutex mutex_;
    std::vector<std::string> commands_;
    std::string mail_;
    web::LoopbackServer server_{[this](web::LoopbackServer::Peer& peer) { serve(peer); }};
};

const Message message{.to = {.address = "ann@example.com", .name = "Ann"},
                      .subject = "Loan approved",
                      .text = "Your loan was approved.\n.\nThat line was a dot.\n",
                      .html = "<p>Approved</p>"};

class MailerTest : public ::testing::Test {
  protected:
    Delivery send(int port, const Message& mail = message) {
        config_.port = port;
        return Mailer(config_, clock_, random_).send(mail);
    }

    MailerConfig config_{.from = {.address = "no-reply@pamoja.example", .name = "Pamoja"}};
    ManualClock clock_{*Timestamp::parse("2025-12-05T14:48:13Z")};
    SeededRandom random_{1};
};

TEST_F(MailerTest, HandsTheMailOver) {
    SmtpServer server;
    const auto delivery = send(server.port());
    EXPECT_EQ(delivery.kind, DeliveryKind::delivered) << delivery.detail;
    EXPECT_TRUE(delivery.message_id.ends_with("@pamoja.example"));
    const auto commands = server.commands();
    ASSERT_GE(commands.size(), 4u);
    EXPECT_EQ(commands[0], "EHLO pamoja");
    EXPECT_TRUE(commands[1].starts_with("MAIL FROM:<no-reply@pamoja.example>")) << commands[1];
    EXPECT_EQ(commands[2], "RCPT TO:<ann@example.com>");
    EXPECT_EQ(commands[3], "DATA");
    const std::string mail = server.mail();
    EXPECT_NE(mail.find("Date: Fri, 05 Dec 2025 14:48:13 +0000\r\n"), std::string::npos) << mail;
    EXPECT_NE(mail.find("Message-ID: <" + delivery.message_id + ">\r\n"), std::string::npos);
    EXPECT_NE(mail.find("Subject: Loan approved\r\n"), std::string::npos);
    EXPECT_NE(mail.find("--\r\n"), std::string::npos) << "the mail ends where it should";
}

TEST_F(MailerTest, GivesEveryMailAnIdOfItsOwn) {
    SmtpServer server;
    EXPECT_NE(send(server.port()).message_id, send(server.port()).message_id);
}

TEST_F(MailerTest, SignsIn) {
    const std::string credentials = crypto::to_base64(std::string("\0pamoja\0secret", 14));
    SmtpServer server(SmtpServer::Answers{{"AUTH", "334 "}, {credentials, "235 welcome"}});
    config_.username = "pamoja";
    config_.password = "secret";
    EXPECT_EQ(send(server.port()).kind, DeliveryKind::delivered);
    const auto commands = server.commands();
    ASSERT_GE(commands.size(), 4u);
    EXPECT_EQ(commands[1], "AUTH PLAIN");
    EXPECT_EQ(commands[2], credentials);
}

TEST_F(MailerTest, TellsWhatPassesFromWhatDoesNot) {
    struct SmtpCase {
        std::string verb;
        std::string answer;
        DeliveryKind kind;
        int smtp_code;
    };
    const SmtpCase cases[] = {
        {"RCPT", "550 no such mailbox", DeliveryKind::permanent, 550},
        {"RCPT", "450 mailbox busy", DeliveryKind::temporary, 450},
        {"MAIL", "421 try later", DeliveryKind::temporary, 421},
        {"MAIL", "553 sender refused", DeliveryKind::permanent, 553},
        {"DATA", "554 no", DeliveryKind::permanent, 554},
        {"END", "451 greylisted", DeliveryKind::temporary, 451},
        {"END", "552 too large", DeliveryKind::permanent, 552},
        {"GREETING", "421 too busy", DeliveryKind::temporary, 421},
    };
    for (const auto& each : cases) {
        SmtpServer server(SmtpServer::Answers{{each.verb, each.answer}});
        const auto delivery = send(server.port());
        EXPECT_EQ(delivery.kind, each.kind) << each.answer << delivery.detail;
        EXPECT_EQ(delivery.smtp_code, each.smtp_code) << each.answer;
        EXPECT_NE(delivery.detail, "");
    }
}

TEST_F(MailerTest, TriesAgainWhereTheFaultIsNotTheMails) {
    SmtpServer refuses(SmtpServer::Answers{{"AUTH", "535 wrong password"}});
    config_.username = "pamoja";
    config_.password = "wrong";
    EXPECT_EQ(send(refuses.port()).kind, DeliveryKind::temporary);

    config_.username = "";
    int port = 0;
    {
        const web::LoopbackServer gone([](web::LoopbackServer::Peer&) {});
        port = gone.port();
    }
    const auto unreachable = send(port);
    EXPECT_EQ(unreachable.kind, DeliveryKind::temporary);
    EXPECT_EQ(unreachable.smtp_code, 0);

    const web::LoopbackServer silent([](web::LoopbackServer::Peer& peer) {
        while (!peer.is_closed_within(1000)) continue;
    });
    config_.total_timeout = std::chrono::milliseconds(150);
    EXPECT_EQ(send(silent.port()).kind, DeliveryKind::temporary);
}

TEST_F(MailerTest, SendsNothingInTheClearWhenTlsIsRequired) {
    SmtpServer server;
    config_.encryption = Encryption::start_tls;
    config_.username = "pamoja";
    config_.password = "secret";
    EXPECT_EQ(send(server.port()).kind, DeliveryKind::temporary);
    for (const std::string& command : server.commands()) {
        EXPECT_FALSE(command.starts_with("AUTH") || command.starts_with("MAIL")) << command;
    }
}

TEST_F(MailerTest, RefusesAMailThatCannotBeComposed) {
    SmtpServer server;
    for (const char* address :
         {"", "ann", "ann@example.com\r\nRCPT TO:<all@example.com>", "ann@example.com> NOTIFY=NEVER"}) {
        auto mail = message;
        mail.to.address = address;
        EXPECT_EQ(send(server.port(), mail).kind, DeliveryKind::permanent) << address;
    }
    EXPECT_TRUE(server.commands().empty());
}

}  // namespace
}  // namespace pamoja::mail
