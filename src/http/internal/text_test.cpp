#include "http/internal/text.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

TEST(Utf8, AcceptsEveryLengthAndRefusesEveryTruncation) {
    std::string text = "a\xc2\x80\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    EXPECT_TRUE(is_utf8(text));
    EXPECT_FALSE(is_utf8(text.substr(0, text.size() - 1)));
    for (std::string_view wrong :
         {"\x80", "\xc1\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xf0\x8f\xbf\xbf", "\xf5\x80\x80\x80"})
        EXPECT_FALSE(is_utf8(wrong));
}

}  // namespace
}  // namespace pamoja::http::internal
