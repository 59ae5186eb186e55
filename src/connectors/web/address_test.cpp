#include "connectors/web/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace pamoja::web {
namespace {

TEST(PublicAddress, IsWhatTheInternetRoutes) {
    for (std::string_view address : {"1.1.1.1",
                                     "8.8.8.8",
                                     "9.255.255.255",
                                     "11.0.0.0",
                                     "100.63.255.255",
                                     "100.128.0.0",
                                     "126.255.255.255",
                                     "128.0.0.0",
                                     "169.253.255.255",
                                     "169.255.0.0",
                                     "172.15.255.255",
                                     "172.32.0.0",
                                     "191.255.255.255",
                                     "192.0.1.0",
                                     "192.0.3.0",
                                     "192.88.98.255",
                                     "192.167.255.255",
                                     "192.169.0.0",
                                     "196.201.214.200",
                                     "198.17.255.255",
                                     "198.20.0.0",
                                     "198.51.99.255",
                                     "203.0.112.255",
                                     "203.0.114.0",
                                     "223.255.255.255",
                                     "2606:4700:4700::1111",
                                     "2001:4860:4860::8888",
                                     "2001:200::1",
                                     "2003::1",
                                     "2a00::1",
                                     "::ffff:8.8.8.8",
                                     "::ffff:808:808"}) {
        EXPECT_TRUE(is_public_address(address)) << address;
    }
}

TEST(PublicAddress, IsNoneOfThoseThatLeadInside) {
    for (std::string_view address :
         {"0.0.0.0",         "0.255.255.255",   "10.0.0.1",        "10.255.255.255",  "100.64.0.0",
          "100.127.255.255", "127.0.0.1",       "127.255.255.255", "169.254.169.254", "172.16.0.1",
          "172.31.255.255",  "192.0.0.1",       "192.0.2.1",       "192.88.99.1",     "192.168.0.1",
          "192.168.255.255", "198.18.0.1",      "198.19.255.255",  "198.51.100.1",    "203.0.113.1",
          "224.0.0.1",       "239.255.255.255", "240.0.0.1",       "255.255.255.255"}) {
        EXPECT_FALSE(is_public_address(address)) << address;
        EXPECT_FALSE(is_public_address("::ffff:" + std::string(address))) << "mapped " << address;
        EXPECT_FALSE(is_public_address("64:ff9b::" + std::string(address))) << "NAT64 " << address;
        EXPECT_FALSE(is_public_address("::" + std::string(address))) << "compatible " << address;
    }
    for (std::string_view address : {"::",
                                     "::1",
                                     "::ffff:7f00:1",
                                     "::ffff:a9fe:a9fe",
                                     "0:0:0:0:0:ffff:127.0.0.1",
                                     "::8.8.8.8",
                                     "64:ff9b::8.8.8.8",
                                     "64:ff9b:1::1",
                                     "100::1",
                                     "2001::1",
                                     "2001:0:4136:e378::1",
                                     "2001:2::1",
                                     "2001:10::1",
                                     "2001:1ff::1",
                                     "2001:db8::1",
                                     "2002:7f00:1::",
                                     "2002:808:808::1",
                                     "3fff::1",
                                     "3fff:fff::1",
                                     "5f00::1",
                                     "fc00::1",
                                     "fd00::1",
                                     "fdff:ffff::1",
                                     "fe80::1",
                                     "febf::1",
                                     "fec0::1",
                                     "ff02::1",
                                     "4000::1",
                                     "1fff::1"}) {
        EXPECT_FALSE(is_public_address(address)) << address;
    }
}

TEST(PublicAddress, IsNoneThatCarriesAnother) {
    for (std::string_view address :
         {"2002:c0a8:1::1", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001:0:a00:1:0:0:f5ff:fffe",
          "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1:ffff::a00:1", "::ffff:0:127.0.0.1",
          "::a9fe:a9fe", "100::", "100:0:0:1::1", "5f00:1::1", "2001:4:112::1", "2001:20::1",
          "fe80::a9fe:a9fe", "::ffff:c0a8:1", "::ffff:100.100.100.200", "::ffff:0.0.0.0"}) {
        EXPECT_FALSE(is_public_address(address)) << address;
    }
}

TEST(OwnAddress, IsOneOfThisMachinesInterfaces) {
    const auto version4 = [](const char* text) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        EXPECT_EQ(inet_pton(AF_INET, text, &address.sin_addr), 1);
        return address;
    };
    const auto is_own = [](const auto& address) {
        return is_own_address(reinterpret_cast<const sockaddr&>(address));
    };
    EXPECT_TRUE(is_own(version4("127.0.0.1")));
    EXPECT_FALSE(is_own(version4("8.8.8.8")));
    sockaddr_in6 mapped{};
    mapped.sin6_family = AF_INET6;
    EXPECT_EQ(inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr), 1);
    EXPECT_TRUE(is_own(mapped));
    sockaddr unknown{};
    unknown.sa_family = AF_UNIX;
    EXPECT_FALSE(is_own(unknown));
}

TEST(PublicAddress, IsNoTextThatIsNotNumeric) {
    for (std::string_view text :
         {"", "localhost", "example.com", "8.8.8", "8.8.8.8.8", "010.8.8.8", "0x08080808", "134744072",
          "8.8.8.8 ", "fe80::1%lo", "[2a00::1]", "8.8.8.8/8"}) {
        EXPECT_FALSE(is_public_address(text)) << text;
    }
}

}  // namespace
}  // namespace pamoja::web
