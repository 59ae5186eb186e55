#include "connectors/web/retry_after.hpp"

#include <gtest/gtest.h>

namespace pamoja::web {
namespace {

TEST(RetryAfter, ReadsSecondsAndDates) {
    constexpr std::int64_t now = 784'111'747;  // Sun, 06 Nov 1994 08:49:07 GMT
    const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
        {"120", 120},
        {"0", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 30},
        {"Sun, 06 Nov 1994 08:00:00 GMT", 0},
        {"-5", std::nullopt},
        {"soon", std::nullopt},
        {"99999999999999999999", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& [text, expected] : cases) {
        WebResponse response;
        response.headers = {{"retry-after", text}};
        const auto asked = retry_after(response, now);
        EXPECT_EQ(asked.has_value(), expected.has_value()) << text;
        if (asked && expected) {
            EXPECT_EQ(asked->count(), *expected) << text;
        }
    }
    EXPECT_FALSE(retry_after({}, now).has_value());
}

}  // namespace
}  // namespace pamoja::web
