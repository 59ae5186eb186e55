#include "http/internal/response_text.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

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
