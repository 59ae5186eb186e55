#include "crypto/base64.hpp"

#include <gtest/gtest.h>

namespace pamoja::crypto {
namespace {

TEST(Base64, WritesAndReadsTheVectorsOfRfc4648) {
    const std::pair<std::string, std::string> cases[] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : cases) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
    EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
}

TEST(Base64, ReadsNoTextButTheOneThatItWrites) {
    for (std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 8=", "Zm8=\n",
                                  "Z===", "====", "Zg==Zg==", "=Zg=", "-_8=", "Zm9vA"}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    }
    for (std::string_view text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vA", "+/8", " Zg", "Zg\n", "Zm.v"}) {
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    }
}

TEST(Base64, KeepsEveryByte) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const std::string part = bytes.substr(bytes.size() - length);
        EXPECT_EQ(from_base64(to_base64(part)), part);
        EXPECT_EQ(from_base64url(to_base64url(part)), part);
        EXPECT_EQ(from_base32(to_base32(part)), part);
    }
}

TEST(Base32, WritesTheVectorsOfRfc4648AndReadsThemAsPeopleType) {
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
    EXPECT_EQ(from_base32("mzxw 6ytb-oi"), "foobar");
    EXPECT_EQ(from_base32("MZXW6YTBOI======"), "foobar");
    EXPECT_EQ(from_base32("MZXW6YTBO1"), std::nullopt);
    EXPECT_EQ(from_base32("MZ0"), std::nullopt);
}

}  // namespace
}  // namespace pamoja::crypto
