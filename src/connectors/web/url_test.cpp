#include "connectors/web/url.hpp"

#include <gtest/gtest.h>

#include "connectors/web/address.hpp"

namespace pamoja::web {
namespace {

TEST(ParseUrl, GivesThePartsThatRulesAreAbout) {
    struct Case {
        const char* text;
        const char* scheme;
        const char* host;
        long port;
        bool has_credentials;
        bool has_fragment;
    };
    const Case cases[] = {
        {"https://example.com/hook?x=1", "https", "example.com", 443, false, false},
        {"HTTPS://Example.com:8443", "https", "Example.com", 8443, false, false},
        {"http://127.0.0.1:81/", "http", "127.0.0.1", 81, false, false},
        {"https://[::1]/", "https", "::1", 443, false, false},
        {"https://ann:secret@example.com/", "https", "example.com", 443, true, false},
        {"https://ann@example.com/#part", "https", "example.com", 443, true, true},
        {"ftp://example.com/", "ftp", "example.com", 21, false, false},
    };
    for (const Case& each : cases) {
        const auto url = parse_url(each.text);
        ASSERT_TRUE(url.has_value()) << each.text;
        EXPECT_EQ(url->scheme, each.scheme) << each.text;
        EXPECT_EQ(url->host, each.host) << each.text;
        EXPECT_EQ(url->port, each.port) << each.text;
        EXPECT_EQ(url->has_credentials, each.has_credentials) << each.text;
        EXPECT_EQ(url->has_fragment, each.has_fragment) << each.text;
    }
}

TEST(ParseUrl, SeesThroughOtherWritingsOfAnAddress) {
    for (const char* text : {"http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
                             "http://127.1/", "http://0x7f.1/"}) {
        const auto url = parse_url(text);
        ASSERT_TRUE(url.has_value()) << text;
        EXPECT_EQ(url->host, "127.0.0.1") << text;
        EXPECT_FALSE(is_public_address(url->host)) << text;
    }
}

TEST(ParseUrl, RefusesWhatIsNoAbsoluteUrl) {
    for (const char* text : {"", "example.com", "/hook", "https://", "https://exa mple.com/", "https://a\nb/",
                             "https:\\\\example.com\\", "https://example.com:99999/", "https://[::1/"}) {
        EXPECT_FALSE(parse_url(text).has_value()) << text;
    }
}

TEST(WebPort, IsOneThatWebServersListenOn) {
    for (const long port : {80, 443, 8080, 8443}) EXPECT_TRUE(is_web_port(port)) << port;
    for (const long port : {0, 22, 25, 81, 3306, 5432, 6379, 9000, 8081, 65535})
        EXPECT_FALSE(is_web_port(port)) << port;
}

}  // namespace
}  // namespace pamoja::web
