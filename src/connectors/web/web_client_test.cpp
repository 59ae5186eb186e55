#include "connectors/web/web_client.hpp"

#include <gtest/gtest.h>

#include <future>

#include "connectors/web/testing/loopback_server.hpp"

namespace pamoja::web {
namespace {

using std::chrono::milliseconds;

WebRequest get(const std::string& url) {
    return {.url = url, .reach = Reach::anywhere};
}

WebRequest post(const std::string& url, std::string body) {
    return {.method = Method::post, .url = url, .body = std::move(body), .reach = Reach::anywhere};
}

TEST(WebClient, SendsTheRequestAndGivesTheAnswer) {
    std::string seen;
    LoopbackServer server(LoopbackServer::http([&](const std::string& request) {
        seen = request;
        return http_answer(201, R"({"ok":true})", "X-Kind: one\r\nx-kind: two\r\nX-Empty:\r\n");
    }));
    WebClient client("Pamoja/test");
    auto request = post(server.url("/pay?x=1"), R"({"amount":1})");
    request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    const auto response = client.call(request);
    EXPECT_TRUE(response.answered() && response.succeeded());
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, R"({"ok":true})");
    EXPECT_EQ(response.header("X-KIND"), "one");
    EXPECT_EQ(response.header("X-Empty"), "");
    EXPECT_EQ(response.header("X-Kin"), "");
    EXPECT_FALSE(response.outcome.never_sent);
    EXPECT_TRUE(seen.starts_with("POST /pay?x=1 HTTP/1.1\r\n")) << seen;
    EXPECT_TRUE(seen.ends_with("\r\n\r\n{\"amount\":1}")) << seen;
    for (const char* line :
         {"Content-Type: application/json\r\n", "X-Empty:\r\n", "User-Agent: Pamoja/test\r\n"}) {
        EXPECT_NE(seen.find(line), std::string::npos) << line << seen;
    }
    EXPECT_EQ(seen.find("Expect"), std::string::npos);
}

TEST(WebClient, KnowsEveryMethod) {
    LoopbackServer server(LoopbackServer::http(
        [](const std::string& request) { return http_answer(200, request.substr(0, request.find(' '))); }));
    WebClient client;
    const std::pair<Method, std::string> cases[] = {{Method::get, "GET"},
                                                    {Method::post, "POST"},
                                                    {Method::put, "PUT"},
                                                    {Method::patch, "PATCH"},
                                                    {Method::remove, "DELETE"}};
    for (const auto& [method, name] : cases) {
        EXPECT_EQ(client.call({.method = method, .url = server.url(), .reach = Reach::anywhere}).body, name);
    }
    LoopbackServer bodiless(LoopbackServer::http([](const std::string& request) {
        return request.starts_with("HEAD ") ? "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
                                            : http_answer(500, "");
    }));
    const auto head = client.call({.method = Method::head, .url = bodiless.url(), .reach = Reach::anywhere});
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
}

TEST(WebClient, GivesErrorStatusesAsAnswers) {
    for (int status : {400, 404, 429, 500, 503}) {
        LoopbackServer server(
            LoopbackServer::http([&](const std::string&) { return http_answer(status, "no"); }));
        const auto response = WebClient().call(get(server.url()));
        EXPECT_TRUE(response.answered());
        EXPECT_FALSE(response.succeeded());
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(response.body, "no");
    }
}

TEST(WebClient, FollowsNoRedirect) {
    std::atomic<int> visits{0};
    LoopbackServer inside(
        LoopbackServer::http([](const std::string&) { return http_answer(200, ""); }, &visits));
    for (int status : {301, 302, 303, 307, 308}) {
        LoopbackServer server(LoopbackServer::http([&](const std::string&) {
            return http_answer(status, "", "Location: " + inside.url() + "\r\n");
        }));
        const auto response = WebClient().call(get(server.url()));
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(response.header("location"), inside.url());
    }
    EXPECT_EQ(visits, 0);
    EXPECT_EQ(inside.connections(), 0);
}

TEST(WebClient, RefusesAnAnswerOverTheCap) {
    const std::string declared = http_answer(200, std::string(1001, 'x'));
    const std::string undeclared = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(1001, 'x');
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                                std::string(1001, 'x') + "\r\n0\r\n\r\n";
    const std::string headers = http_answer(200, "", "X-Long: " + std::string(70'000, 'x') + "\r\n");
    for (const std::string& answer : {declared, undeclared, chunked, headers}) {
        LoopbackServer server([&](LoopbackServer::Peer& peer) {
            peer.request();
            peer.send(answer);
        });
        auto request = get(server.url());
        request.answer_bytes_max = 1000;
        const auto response = WebClient().call(request);
        EXPECT_EQ(response.outcome.transport, Transport::too_large) << answer.substr(0, 80);
        EXPECT_FALSE(response.outcome.never_sent);
        EXPECT_EQ(response.status, 0);
        EXPECT_EQ(response.body, "");
    }
    LoopbackServer server(
        LoopbackServer::http([](const std::string&) { return http_answer(200, std::string(1000, 'x')); }));
    auto request = get(server.url());
    request.answer_bytes_max = 1000;
    EXPECT_EQ(WebClient().call(request).body.size(), 1000u);
}

TEST(WebClient, GivesUpOnAServerThatDripsOrSaysNothing) {
    LoopbackServer dripping([](LoopbackServer::Peer& peer) {
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (!peer.is_closed_within(5)) peer.send("x");
    });
    LoopbackServer silent([](LoopbackServer::Peer& peer) {
        peer.request();
        while (!peer.is_closed_within(1000)) continue;
    });
    for (const LoopbackServer* server : {&dripping, &silent}) {
        auto request = post(server->url(), "pay");
        request.total_timeout = milliseconds(150);
        const auto response = WebClient().call(request);
        EXPECT_EQ(response.outcome.transport, Transport::timed_out);
        EXPECT_FALSE(response.outcome.never_sent) << "the request left, so it may have had its effect";
        EXPECT_EQ(response.status, 0);
    }
}

TEST(WebClient, KnowsThatNothingWasSentWhenThereIsNoConnection) {
    std::string url;
    {
        LoopbackServer gone([](LoopbackServer::Peer&) {});
        url = gone.url();
    }
    const auto refused = WebClient().call(post(url, "pay"));
    EXPECT_EQ(refused.outcome.transport, Transport::refused);
    EXPECT_TRUE(refused.outcome.never_sent);
    EXPECT_NE(refused.outcome.detail, "");

    const auto unresolved = WebClient().call(post("http://nowhere.invalid/", "pay"));
    EXPECT_EQ(unresolved.outcome.transport, Transport::unresolved);
    EXPECT_TRUE(unresolved.outcome.never_sent);
}

TEST(WebClient, KnowsThatNothingWasSentWhenTlsFails) {
    LoopbackServer server([](LoopbackServer::Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    auto request = post(server.url(), "pay");
    request.url.replace(0, 4, "https");
    const auto response = WebClient().call(request);
    EXPECT_EQ(response.outcome.transport, Transport::tls) << response.outcome.detail;
    EXPECT_TRUE(response.outcome.never_sent);
}

TEST(WebClient, CallsAnEarlyEndOrNonsenseBroken) {
    for (std::string answer :
         {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "220 mail.example ESMTP\r\n"}) {
        LoopbackServer server([&](LoopbackServer::Peer& peer) {
            peer.request();
            peer.send(answer);
        });
        const auto response = WebClient().call(post(server.url(), "pay"));
        EXPECT_EQ(response.outcome.transport, Transport::broken) << answer << response.outcome.detail;
        EXPECT_FALSE(response.outcome.never_sent);
        EXPECT_EQ(response.body, "");
    }
}

// A server that answers the first request of a connection and closes it upon the second.
LoopbackServer::Handler once_per_connection(std::atomic<int>& requests_count) {
    return [&](LoopbackServer::Peer& peer) {
        peer.request();
        ++requests_count;
        peer.send(http_answer(200, "first"));
        if (!peer.request().empty()) ++requests_count;
    };
}

TEST(WebClient, SendsAPaymentOnceEvenWhenAnOpenConnectionDies) {
    std::atomic<int> requests_count{0};
    LoopbackServer server(once_per_connection(requests_count));
    WebClient client;
    EXPECT_EQ(client.call(get(server.url())).body, "first");
    EXPECT_EQ(client.call(post(server.url(), "pay")).body, "first");
    EXPECT_EQ(requests_count, 2) << "the payment was sent on a connection that died, and then again";
    EXPECT_EQ(server.connections(), 2);
}

TEST(WebClient, ReusesConnectionsWhereARepetitionDoesNoHarm) {
    LoopbackServer server(LoopbackServer::http([](const std::string&) { return http_answer(200, ""); }));
    WebClient client;
    auto repeatable = post(server.url(), "hook");
    repeatable.is_repeatable = true;
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(client.call(get(server.url())).succeeded());
        EXPECT_TRUE(client.call(repeatable).succeeded());
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST(WebClient, ConnectsToPublicAddressesOnlyWhenToldSo) {
    LoopbackServer server(
        LoopbackServer::http([](const std::string&) { return http_answer(200, "inside"); }));
    WebClient client;
    EXPECT_EQ(client.call(get(server.url())).body, "inside");
    for (std::string host : {"127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f000001", "0177.0.0.1",
                             "127.1", "0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
                             "169.254.169.254", "10.0.0.1", "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00::1]"}) {
        for (std::string port : {":80", ":443", ":8080", ""}) {
            const auto response =
                client.call({.method = Method::post, .url = "http://" + host + port + "/", .body = "x"});
            EXPECT_FALSE(response.answered()) << host;
            EXPECT_TRUE(response.outcome.never_sent) << host;
            EXPECT_TRUE(response.outcome.transport == Transport::forbidden_address ||
                        response.outcome.transport == Transport::unresolved)
                << host << static_cast<int>(response.outcome.transport) << response.outcome.detail;
        }
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST(WebClient, AsksOnlyPortsOfTheWebWhenToldToStayOutside) {
    for (int port : {0, 22, 25, 5432, 6379, 8100, 65535}) {
        const auto response = WebClient().call({.url = "http://8.8.8.8:" + std::to_string(port) + "/"});
        EXPECT_EQ(response.outcome.transport, Transport::malformed) << port;
        EXPECT_TRUE(response.outcome.never_sent);
    }
}

TEST(WebClient, SendsNoMalformedUrlOrHeader) {
    std::atomic<int> visits{0};
    LoopbackServer server(
        LoopbackServer::http([](const std::string&) { return http_answer(200, ""); }, &visits));
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    WebClient client;
    const std::string urls[] = {"",
                                "http://",
                                "/path",
                                "ftp://" + host + "/",
                                "file:///etc/passwd",
                                "gopher://" + host + "/",
                                "unix:///run/x",
                                "http://user@" + host + "/",
                                "http://user:secret@" + host + "/",
                                "http://" + host + "/a b",
                                "http://" + host + "/\r\nX-Evil: 1",
                                "http://" + host + "/\t",
                                "http:\\\\" + host + "/",
                                "http://" + host + "/" + std::string(1, '\0')};
    for (const std::string& url : urls) {
        const auto response = client.call(get(url));
        EXPECT_EQ(response.outcome.transport, Transport::malformed) << url;
        EXPECT_TRUE(response.outcome.never_sent);
    }
    for (const Header& header :
         {Header{"X", "a\r\nY: b"}, Header{"X", "a\nb"}, Header{"X", std::string(1, '\0')},
          Header{"X: a\r\nY", "b"}, Header{"", "a"}, Header{"X Y", "a"}, Header{"X:", "a"}}) {
        auto request = get(server.url());
        request.headers = {header};
        EXPECT_EQ(client.call(request).outcome.transport, Transport::malformed) << header.name;
    }
    EXPECT_EQ(visits, 0);
}

TEST(WebClient, ServesManyThreadsAtOnce) {
    LoopbackServer server(LoopbackServer::http([](const std::string& request) {
        return http_answer(200, request.substr(request.find("\r\n\r\n") + 4));
    }));
    WebClient client;
    std::vector<std::future<bool>> results;
    for (int i = 0; i < 8; ++i) {
        results.push_back(std::async(std::launch::async, [&, i] {
            for (int round = 0; round < 25; ++round) {
                const std::string body = std::to_string(i) + ":" + std::to_string(round);
                if (client.call(post(server.url(), body)).body != body) return false;
            }
            return true;
        }));
    }
    for (auto& result : results) EXPECT_TRUE(result.get());
}

TEST(FormEncode, EscapesAllButThePlainCharacters) {
    EXPECT_EQ(form_encode({{"to", "+254700123456"}, {"a b", "x&y=é~"}, {"plain", "A-z_0.9*"}}),
              "to=%2B254700123456&a+b=x%26y%3D%C3%A9%7E&plain=A-z_0.9*");
    EXPECT_EQ(form_encode({}), "");
}

}  // namespace
}  // namespace pamoja::web
