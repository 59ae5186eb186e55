#include "http/internal/framing.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

// The status that a head is refused with; 0 when it is taken, -1 when it is incomplete.
int verdict(std::string_view text) {
    HeadScanner scanner;
    HeadEnd end = scanner.find_end(text);
    if (end.is_refused) return 400;
    if (end.bytes == 0) return -1;
    Head head;
    auto violation = read_head(text.substr(0, end.bytes), head);
    return violation ? violation->status : 0;
}

struct Vector {
    std::string_view text;
    int status;
};

std::string with_fields(std::string_view fields) {
    return "POST /a HTTP/1.1\r\nHost: a.example\r\n" + std::string(fields) + "\r\n";
}

TEST(ReadHead, RefusesWhatAnotherParserCouldFrameDifferently) {
    const Vector vectors[] = {
        {"Content-Length: 5\r\n", 0},
        {"Content-Length:5\r\n", 0},
        {"Content-Length: \t5 \r\n", 0},
        {"content-length: 5\r\n", 0},
        {"Transfer-Encoding: chunked\r\n", 0},
        {"Transfer-Encoding: CHUNKED\r\n", 0},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: +5\r\n", 400},
        {"Content-Length: -1\r\n", 400},
        {"Content-Length: 0x5\r\n", 400},
        {"Content-Length: 5 5\r\n", 400},
        {"Content-Length: 5,5\r\n", 400},
        {"Content-Length: 5, 5\r\n", 400},
        {"Content-Length: 5.0\r\n", 400},
        {"Content-Length:\r\n", 400},
        {"Content-Length: 18446744073709551621\r\n", 400},
        {"Content-Length: 99999999999999999999999999\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 6\r\n", 400},
        {"Content-Length : 5\r\n", 400},
        {" Content-Length: 5\r\n", 400},
        {"Transfer-Encoding: gzip\r\n", 400},
        {"Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", 400},
        {"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", 400},
        {"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", 400},
        {"Transfer-Encoding: chunked, identity\r\n", 400},
        {"Transfer-Encoding: identity, chunked\r\n", 400},
        {"Transfer-Encoding: chunked, chunked\r\n", 400},
        {"Transfer-Encoding: \"chunked\"\r\n", 400},
        {"Transfer-Encoding: chunked;q=1\r\n", 400},
        {"Transfer-Encoding: \x0b"
         "chunked\r\n",
         400},
        {"Transfer-Encoding:\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding : chunked\r\n", 400},
        {"Transfer-Encoding:\r\n chunked\r\n", 400},
        {"Transfer-Encoding\r\n: chunked\r\n", 400},
        {"X: a\r\n b\r\n", 400},
        {"X: a\r\n\tb\r\n", 400},
        {"X: a\nContent-Length: 5\r\n", 400},
        {"X: a\rContent-Length: 5\r\n", 400},
        {"X: a\r\r\n", 400},
        {std::string_view("X: a\0b\r\n", 8), 400},
        {"X: a\x1b[31m\r\n", 400},
        {"X: a\x7f\r\n", 400},
        {"X\x01: a\r\n", 400},
        {"X Y: a\r\n", 400},
        {"X(Y): a\r\n", 400},
        {"X\xc3\xa9: a\r\n", 400},
        {": a\r\n", 400},
        {"no colon\r\n", 400},
        {"Host: a.example\r\n", 400},
        {"Host: b.example\r\n", 400},
        {"Expect: 100-continue\r\n", 0},
        {"Expect: 200-ok\r\n", 417},
        {"X: caf\xc3\xa9\r\n", 0},
        {"X:\r\n", 0},
    };
    for (const Vector& vector : vectors)
        EXPECT_EQ(verdict(with_fields(vector.text)), vector.status) << vector.text;
}

TEST(ReadHead, JudgesRequestLineAndHost) {
    const Vector vectors[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.0\r\n\r\n", 0},
        {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n", 0},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
        {"GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.11\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405},
        {"PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"GET HTTP://A:80/b HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"GET http://b/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http://a:81/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http://x@a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http://a/b HTTP/1.0\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n", -1},
        {"\x16\x03\x01\x02", 400},
    };
    for (const Vector& vector : vectors) EXPECT_EQ(verdict(vector.text), vector.status) << vector.text;
}

TEST(ReadHead, LimitsTargetAndNumberOfFields) {
    std::string target(target_bytes_max - 1, 'a');
    EXPECT_EQ(verdict("GET /" + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
    EXPECT_EQ(verdict("GET /a" + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
    std::string fields;
    for (std::size_t i = 0; i + 1 < fields_max; ++i) fields += "X: a\r\n";
    EXPECT_EQ(verdict(with_fields(fields)), 0);
    EXPECT_EQ(verdict(with_fields(fields + "X: a\r\n")), 431);
}

TEST(ReadHead, TellsWhatBecomesOfTheConnection) {
    struct {
        std::string_view version, connection;
        bool is_persistent;
    } rows[] = {{"1.1", "", true},       {"1.1", "close", false},        {"1.1", "X, Close", false},
                {"1.0", "", false},      {"1.0", "keep-alive", true},    {"1.0", "keep-alive, close", false},
                {"1.1", "closed", true}, {"1.1", "keep-alive, TE", true}};
    for (const auto& row : rows) {
        Head head;
        std::string text = "GET / HTTP/" + std::string(row.version) +
                           "\r\nHost: a\r\nConnection: " + std::string(row.connection) + "\r\n\r\n";
        ASSERT_FALSE(read_head(text, head));
        EXPECT_EQ(head.framing.is_persistent, row.is_persistent) << text;
    }
}

TEST(ReadHead, KeepsThePathOfARequestThatItRefuses) {
    Head head;
    ASSERT_TRUE(read_head("GET /api/v1/loans/ HTTP/1.1\r\nHost: a\r\nX: b\r\n", head));
    EXPECT_EQ(head.request.path, "/api/v1/loans/");
    Head cut;
    ASSERT_TRUE(read_head("GET /api/v1/loans/?q=aaaa", cut));
    EXPECT_EQ(cut.request.path, "/api/v1/loans/");
}

TEST(HeadScanner, FindsTheSameEndHoweverTheBytesArrive) {
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /";
    HeadScanner scanner;
    std::size_t end = 0;
    for (std::size_t i = 1; i <= text.size() && end == 0; ++i)
        end = scanner.find_end(std::string_view(text).substr(0, i)).bytes;
    EXPECT_EQ(end, text.size() - 5);
}

}  // namespace
}  // namespace pamoja::http::internal
