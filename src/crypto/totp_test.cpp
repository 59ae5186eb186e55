#include "crypto/totp.hpp"

#include <gtest/gtest.h>

namespace pamoja::crypto {
namespace {

const std::string secret = "12345678901234567890";

TEST(Totp, GivesTheCodesOfRfc6238) {
    const std::pair<std::int64_t, std::string> cases[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [seconds, code] : cases) {
        const auto step = totp_step(Timestamp::from_seconds(seconds));
        EXPECT_EQ(totp_code(secret, step, 8), code);
        EXPECT_EQ(totp_code(secret, step), code.substr(2));
    }
}

TEST(Totp, MatchesOneStepToEitherSideAndSaysWhich) {
    const auto now = Timestamp::from_seconds(1'111'111'111);
    const auto step = totp_step(now);
    for (std::int64_t offset : {-1, 0, 1}) {
        EXPECT_EQ(match_totp(secret, totp_code(secret, step + offset), now), step + offset);
    }
    for (std::int64_t offset : {-2, 2}) {
        EXPECT_EQ(match_totp(secret, totp_code(secret, step + offset), now), std::nullopt);
    }
    EXPECT_EQ(match_totp(secret, totp_code(secret, step - 1), now, 0), std::nullopt);
}

TEST(Totp, MatchesNothingButSixDigits) {
    const auto now = Timestamp::from_seconds(59);
    for (std::string_view code : {"", "28708", "2870820", " 87082", "94287082"}) {
        EXPECT_EQ(match_totp(secret, code, now), std::nullopt) << code;
    }
    EXPECT_EQ(match_totp(secret, "287082", now), 1);
}

}  // namespace
}  // namespace pamoja::crypto
