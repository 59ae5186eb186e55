#include "http/internal/proxies.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

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

}  // namespace
}  // namespace pamoja::http::internal
