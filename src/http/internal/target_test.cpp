#include "http/internal/target.hpp"

#include <gtest/gtest.h>

#include "http/internal/proxies.hpp"
#include "http/internal/response_text.hpp"
#include "http/internal/text.hpp"
#include "http/internal/trace.hpp"

namespace pamoja::http::internal {
namespace {

TEST(DecodePath, DecodesOnceAndRefusesWhatWouldClimb) {
    const std::pair<std::string_view, std::optional<std::string>> rows[] = {
        {"/", "/"},
        {"/a/b/", "/a/b/"},
        {"/a%20b", "/a b"},
        {"/a+b", "/a+b"},
        {"/caf%C3%A9", "/caf\xc3\xa9"},
        {"/%252e%252e/a", "/%2e%2e/a"},
        {"/....//a", "/....//a"},
        {"/..a/b..", "/..a/b.."},
        {"/a%00", std::nullopt},
        {"/a%2fb", std::nullopt},
        {"/a%2Fb", std::nullopt},
        {"/a%5cb", std::nullopt},
        {"/a\\b", std::nullopt},
        {"/a%0d%0ab", std::nullopt},
        {"/a%7f", std::nullopt},
        {"/a%", std::nullopt},
        {"/a%2", std::nullopt},
        {"/a%zz", std::nullopt},
        {"/a%c0%af", std::nullopt},        // an overlong slash
        {"/a%e0%80%af", std::nullopt},     // and a longer one
        {"/a%ed%a0%80", std::nullopt},     // a surrogate
        {"/a%f4%90%80%80", std::nullopt},  // beyond Unicode
        {"/a%ff", std::nullopt},
        {"/a%c3", std::nullopt},
        {"/../a", std::nullopt},
        {"/a/..", std::nullopt},
        {"/a/./b", std::nullopt},
        {"/.", std::nullopt},
        {"/%2e%2e/a", std::nullopt},
        {"/%2e/a", std::nullopt},
        {"/a/.%2e", std::nullopt},
    };
    for (const auto& [encoded, expected] : rows) EXPECT_EQ(decode_path(encoded), expected) << encoded;
}

TEST(SplitTarget, TakesOriginAndAbsoluteForm) {
    auto origin = split_target("/a?b=c?d");
    ASSERT_TRUE(origin);
    EXPECT_EQ(origin->path, "/a");
    EXPECT_EQ(origin->query, "b=c?d");
    auto absolute = split_target("http://a.example:80?b=c");
    ASSERT_TRUE(absolute);
    EXPECT_EQ(absolute->authority, "a.example:80");
    EXPECT_EQ(absolute->path, "/");
    EXPECT_EQ(absolute->query, "b=c");
}

TEST(Utf8, AcceptsEveryLengthAndRefusesEveryTruncation) {
    std::string text = "a\xc2\x80\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    EXPECT_TRUE(is_utf8(text));
    EXPECT_FALSE(is_utf8(text.substr(0, text.size() - 1)));
    for (std::string_view wrong :
         {"\x80", "\xc1\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xf0\x8f\xbf\xbf", "\xf5\x80\x80\x80"})
        EXPECT_FALSE(is_utf8(wrong));
}

TEST(Proxies, BelieveOnlyTrustedHops) {
    Proxies proxies({"127.0.0.1", "10.0.0.0/8", "fd00::/9"});
    struct {
        std::string_view peer, forwarded, client;
    } rows[] = {
        {"127.0.0.1", "203.0.113.9", "203.0.113.9"},
        {"::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"},
        {"127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.2.3", "203.0.113.9"},
        {"127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"},
        {"127.0.0.1", "203.0.113.9:4711", "203.0.113.9"},
        {"127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"},
        {"127.0.0.1", "2001:db8::1, fd00::1, fd7f::1", "2001:db8::1"},
        {"127.0.0.1", "2001:db8::1, fd80::1", "fd80::1"},
        {"127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9, [::", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9,", "127.0.0.1"},
        {"127.0.0.1", "", "127.0.0.1"},
    };
    for (const auto& row : rows) {
        auto peer = parse_address(row.peer);
        ASSERT_TRUE(proxies.is_trusted(*peer));
        EXPECT_EQ(proxies.client_of(*peer, {{"X-Forwarded-For", std::string(row.forwarded)}}), row.client)
            << row.forwarded;
    }
    EXPECT_FALSE(proxies.is_trusted(*parse_address("127.0.0.2")));
    EXPECT_FALSE(proxies.is_trusted(*parse_address("11.0.0.1")));
}

TEST(Proxies, ReadsSeveralFieldsAsOneList) {
    Proxies proxies({"127.0.0.1"});
    auto peer = parse_address("127.0.0.1");
    EXPECT_EQ(proxies.client_of(*peer, {{"X-Forwarded-For", "1.1.1.1"}, {"x-forwarded-for", "2.2.2.2"}}),
              "2.2.2.2");
}

TEST(Proxies, RefuseAConfigurationThatMeansNothing) {
    for (std::string entry : {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::1/129"})
        EXPECT_THROW(Proxies({entry}), std::invalid_argument) << entry;
}

TEST(TraceIds, RepeatOnlyWhatIsSafe) {
    SeededRandom random(1);
    TraceIds ids(random);
    auto id_for = [&](std::string name, std::string value) {
        Request request;
        request.headers = {{std::move(name), std::move(value)}};
        return ids.of(request);
    };
    EXPECT_EQ(id_for("x-request-id", "Abc_1.2-3"), "Abc_1.2-3");
    EXPECT_EQ(id_for("X-Trace-Id", std::string(64, 'a')), std::string(64, 'a'));
    for (std::string value : {std::string(), std::string(65, 'a'), std::string("a b"),
                              std::string("a\xe2\x80\xa8"), std::string("\x1b[31m"), std::string("a\"")}) {
        std::string id = id_for("X-Trace-Id", value);
        EXPECT_EQ(id.size(), 28U);
        EXPECT_TRUE(id.starts_with("req_"));
    }
    EXPECT_NE(id_for("X", ""), id_for("X", ""));
}

TEST(AppendResponse, LetsNoHeaderValueStartALine) {
    Response response;
    response.content_type = "text/plain\r\nX-Evil: 1";
    response.headers = {{"X-Name", "a\r\nSet-Cookie: b=c\r\n\r\n<html>"},
                        {"X-Null", std::string("a\0b", 3)},
                        {"X-Evil: 1\r\nY", "a"},
                        {"", "a"},
                        {"Content-Length", "0"},
                        {"transfer-encoding", "chunked"},
                        {"Connection", "Upgrade"}};
    response.body = "body";
    std::string out;
    append_response(out, response, {}, "D");
    EXPECT_EQ(out,
              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain  X-Evil: 1; charset=utf-8\r\n"
              "Content-Length: 4\r\nX-Name: a  Set-Cookie: b=c    <html>\r\nX-Null: a b\r\n\r\nbody");
}

TEST(AppendResponse, LeavesOutTheBodyWhereThereIsNone) {
    Response response;
    response.body = "body";
    std::string head;
    append_response(head, response, {.has_body = false}, "D");
    EXPECT_TRUE(head.ends_with("Content-Length: 4\r\n\r\n"));
    response.status = 204;
    std::string none;
    append_response(none, response, {.is_persistent = false}, "D");
    EXPECT_EQ(none, "HTTP/1.1 204 No Content\r\nDate: D\r\nConnection: close\r\n\r\n");
}

TEST(HttpDate, WritesTheFixedForm) {
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(1709251199), "Thu, 29 Feb 2024 23:59:59 GMT");
}

}  // namespace
}  // namespace pamoja::http::internal
