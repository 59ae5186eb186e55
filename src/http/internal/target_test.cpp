#include "http/internal/target.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace pamoja::http::internal
