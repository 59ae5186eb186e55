#include "http/server.hpp"

#include <gmock/gmock.h>

#include "http/internal/echo_application.hpp"
#include "http/internal/raw_client.hpp"

namespace pamoja::http {
namespace {

using internal::EchoApplication;
using internal::RawClient;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ServerTest : public testing::Test {
  protected:
    void start() {
        config_.ports = {0};
        server_ = std::make_unique<Server>(config_, application_);
        server_->start();
        port_ = server_->ports().at(0);
    }
    // Sends the bytes on a new connection and returns everything until the server closes it.
    std::string exchange(std::string_view bytes) {
        RawClient client(port_);
        client.write(bytes);
        return client.read_all();
    }

    ServerConfig config_;
    EchoApplication application_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
    start();
    RawClient client(port_);
    client.write("GET /a%20b?c=d HTTP/1.1\r\nHost: A.example:80\r\nX-Request-Id: mine\r\n\r\n");
    std::string first = client.read_answer();
    EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(first, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    EXPECT_THAT(first, HasSubstr("\r\nX-Request-Id: mine\r\n"));
    EXPECT_THAT(first, EndsWith("\r\n\r\nGET /a b?c=d a.example 127.0.0.1 "));
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    std::string second = client.read_all();
    EXPECT_THAT(second, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(second, EndsWith("POST /? a 127.0.0.1 hello"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    start();
    std::string requests;
    for (int i = 0; i < 500; ++i)
        requests += "GET /" + std::string(i % 3 == 0 ? "thread" : "now") + "?" + std::to_string(i) +
                    " HTTP/1.1\r\nHost: a\r\n\r\n";
    RawClient client(port_);
    client.write(requests);
    for (int i = 0; i < 500; ++i)
        ASSERT_THAT(client.read_answer(), HasSubstr("?" + std::to_string(i) + " a"));
}

TEST_F(ServerTest, LeavesTheBodyOfOneRequestOutOfTheNext) {
    start();
    RawClient client(port_);
    client.write(
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        "DELETE / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX: y\r\n\r\n"
        "GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("GET /? a 127.0.0.1 hello"));
    EXPECT_THAT(client.read_answer(), EndsWith("DELETE /? a 127.0.0.1 abcde"));
    EXPECT_THAT(client.read_answer(), EndsWith("GET /last? a 127.0.0.1 "));
}

TEST_F(ServerTest, TakesBytesOneByOne) {
    start();
    RawClient client(port_);
    for (char c : std::string_view(
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
        client.write({&c, 1});
    EXPECT_THAT(client.read_answer(), EndsWith("POST /? a 127.0.0.1 abc"));
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutTheBody) {
    start();
    RawClient client(port_);
    client.write("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    std::string answer = client.read_all();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 20\r\n"));  // of "GET /a? a 127.0.0.1 "
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, ServesOldClients) {
    start();
    EXPECT_THAT(exchange("GET / HTTP/1.0\r\n\r\n"), EndsWith("GET /?  127.0.0.1 "));
    RawClient client(port_);
    client.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.read_answer(), HasSubstr("\r\nConnection: keep-alive\r\n"));
    client.write("GET /again HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.read_all(), EndsWith("GET /again?  127.0.0.1 "));
}

TEST_F(ServerTest, InvitesTheBodyThatWasAnnounced) {
    start();
    RawClient client(port_);
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.write("hello");
    EXPECT_THAT(client.read_answer(), EndsWith("hello"));
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, AnswersAClientThatHasEndedItsHalf) {
    start();
    RawClient client(port_);
    client.write("GET /huge HTTP/1.1\r\nHost: a\r\n\r\nGET /thread HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end_writing();
    std::string answers = client.read_all();
    EXPECT_GT(answers.size(), std::size_t{8} << 20);
    EXPECT_THAT(answers.substr(answers.size() - 100), EndsWith("GET /thread? a 127.0.0.1 "));
}

TEST_F(ServerTest, RefusesDoubtfulFramingAndCloses) {
    start();
    const std::string_view heads[] = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: gzip\r\n\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Content-Length : 5\r\n\r\nhello",
        "Host: b\r\n\r\n",
        "X: a\r\n b\r\n\r\n",
        "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "X: a\n\n",
        "X: a\rb\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;\n\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
    };
    for (std::string_view head : heads) {
        std::string answer = exchange("POST /a HTTP/1.1\r\nHost: a\r\n" + std::string(head) +
                                      "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << head;
        EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << head;
        EXPECT_THAT(answer, HasSubstr("refused /a: ")) << head;
        EXPECT_THAT(answer, Not(HasSubstr("smuggled"))) << head;
    }
    EXPECT_EQ(application_.handled(), 0);
}

TEST_F(ServerTest, RefusesDoubtfulRequestLines) {
    start();
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET /%2e%2e/a HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET / HTTP/1.1\n", "400"},
        {std::string_view("\0", 1), "400"},
        {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "405"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505"},
    };
    for (const auto& [bytes, status] : rows)
        EXPECT_THAT(exchange(bytes), StartsWith("HTTP/1.1 " + std::string(status) + " ")) << bytes;
    EXPECT_EQ(application_.handled(), 0);
}

TEST_F(ServerTest, RefusesWhatIsTooLarge) {
    start();
    std::string large(20'000, 'a');
    EXPECT_THAT(exchange("GET /a HTTP/1.1\r\nHost: a\r\nX: " + large), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(exchange("GET /a HTTP/1.1\r\nHost: a\r\nX: " + large + "\r\n\r\n"),
                StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(exchange("GET /a?" + large), StartsWith("HTTP/1.1 414 "));
    EXPECT_THAT(exchange("GET /a?" + large), HasSubstr("refused /a: "));
    EXPECT_THAT(exchange("GET /a?" + large.substr(0, 9000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                StartsWith("HTTP/1.1 414 "));
    EXPECT_THAT(exchange("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + large),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(exchange("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "3e8\r\n" +
                         std::string(1000, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_EQ(application_.handled(), 0);
}

TEST_F(ServerTest, LosesNoAnswerToAClientThatIsStillSending) {
    start();
    for (int i = 0; i < 20; ++i) {
        RawClient client(port_);
        client.write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
        client.write(std::string(4'000'000, 'b'));
        ASSERT_THAT(client.read_all(), StartsWith("HTTP/1.1 413 "));
    }
}

TEST_F(ServerTest, TakesABodyAsLargeAsItsRouteAllows) {
    start();
    RawClient client(port_);
    std::string body(4'000'000, 'b');
    client.write("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n" + body);
    EXPECT_THAT(client.read_answer(), EndsWith("POST /large? a 127.0.0.1 " + body));
    std::string chunks;
    for (int i = 0; i < 1000; ++i) chunks += "fa0\r\n" + body.substr(0, 4000) + "\r\n";
    client.write("POST /large HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
                 "0\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("POST /large? a 127.0.0.1 " + body));
}

TEST_F(ServerTest, LetsNoHeaderOfTheApplicationSplitTheAnswer) {
    start();
    std::string answer = exchange("GET /split?a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("\r\nX-Echo: a  X-Evil: 1    \r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("\r\nX-Evil")));
    std::string echoed =
        exchange("GET / HTTP/1.1\r\nHost: a\r\nX-Trace-Id: a\tb\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(echoed, HasSubstr("\r\nX-Request-Id: req_"));
}

TEST_F(ServerTest, AnswersWhenAHandlerDoesNot) {
    start();
    for (std::string path : {"/throw", "/drop", "/bad-limit"}) {
        std::string answer = exchange("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nb");
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 ")) << path;
        EXPECT_THAT(answer, HasSubstr("refused " + path)) << path;
        EXPECT_THAT(answer, Not(HasSubstr("without trace id"))) << path;
    }
    EXPECT_THAT(exchange("GET /bad-refusal HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    RawClient client(port_);
    client.write(
        "GET /twice HTTP/1.1\r\nHost: a\r\n\r\nGET /once HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.read_answer(), HasSubstr("/twice"));
    EXPECT_THAT(client.read_all(), EndsWith("GET /once? a 127.0.0.1 "));
}

TEST_F(ServerTest, BelievesAForwardedAddressOnlyFromATrustedProxy) {
    std::string request =
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: close\r\n\r\n";
    start();
    EXPECT_THAT(exchange(request), EndsWith("a 127.0.0.1 "));
    config_.trusted_proxies = {"127.0.0.0/8"};
    start();
    EXPECT_THAT(exchange(request), EndsWith("a 1.2.3.4 "));
}

TEST_F(ServerTest, SaysWhichPortItCannotHave) {
    start();
    ServerConfig taken;
    taken.ports = {port_};
    Server second(taken, application_);
    EXPECT_THROW(second.start(), std::system_error);
    EXPECT_THAT(exchange("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace pamoja::http
