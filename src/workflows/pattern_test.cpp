#include "workflows/pattern.hpp"

#include <gtest/gtest.h>

namespace pamoja::workflows {
namespace {

struct Case {
    const char* pattern;
    std::vector<const char*> matching;
    std::vector<const char*> other;
};

TEST(Pattern, MatchesWholeTexts) {
    const std::vector<Case> cases{
        {"abc", {"abc"}, {"", "ab", "abcd", "xabc"}},
        {"", {""}, {"a"}},
        {"a*", {"", "a", "aaaa"}, {"b", "aab"}},
        {"a+b?", {"a", "ab", "aaab"}, {"", "b", "abb"}},
        {"cat|dog|", {"cat", "dog", ""}, {"catdog", "do"}},
        {"(ab|c)+", {"ab", "c", "abcab"}, {"", "a", "abca"}},
        {"[A-Z]{5}[0-9]{4}[A-Z]", {"ABCDE1234F"}, {"ABCD1234F", "abcde1234f", "ABCDE1234FX"}},
        {"^[0-9]{2,3}$", {"12", "123"}, {"1", "1234", "^12$"}},
        {"x{2,}", {"xx", "xxxxx"}, {"x", ""}},
        {"x{0}", {""}, {"x"}},
        {"[^0-9]+", {"abc", "é"}, {"a1", ""}},
        {R"(\d{3}-\d{4})", {"555-1234"}, {"555 1234", "55-1234"}},
        {R"(\w+\s\W)", {"ab_9 !"}, {"ab_9 x"}},
        {R"(\D\S)", {"a."}, {"1.", "a "}},
        {R"([\]\-a]+)", {"]-a"}, {"b"}},
        {"[]x]", {"]", "x"}, {"y"}},
        {"[a-]+", {"a-a"}, {"b"}},
        {R"(price \$\d+\.\d\d)", {"price $12.50"}, {"price $12,50"}},
        {"..", {"ab", "é€"}, {"a", "abc", "a\n"}},
        {"[à-ü]+", {"éèô"}, {"e"}},
    };
    for (const Case& one : cases) {
        const Pattern pattern = Pattern::compile(one.pattern);
        for (const char* text : one.matching)
            EXPECT_TRUE(pattern.matches(text)) << one.pattern << " on " << text;
        for (const char* text : one.other)
            EXPECT_FALSE(pattern.matches(text)) << one.pattern << " on " << text;
    }
}

TEST(Pattern, RefusesWhatItCannotRead) {
    for (const char* pattern : {"(", ")", "a)", "[", "[a", "a{", "a{x}", "a{3,2}", "*a", "a**", "a{2}{3}",
                                "\\", "\\b", "\\1", "(?=a)", "a{1001}", "[z-a]", "a}b", "]"}) {
        EXPECT_THROW((void)Pattern::compile(pattern), PatternFault) << pattern;
    }
}

TEST(Pattern, RefusesWhatGrowsTooLarge) {
    EXPECT_THROW((void)Pattern::compile("((a{100}){100}){100}"), PatternFault);
    EXPECT_THROW((void)Pattern::compile("(((){1000}){1000}){1000}"), PatternFault);
    EXPECT_THROW((void)Pattern::compile(std::string(50, '(') + "a" + std::string(50, ')')), PatternFault);
}

TEST(Pattern, StaysLinearWhereBacktrackingExplodes) {
    const std::string text(10'000, 'a');
    EXPECT_FALSE(Pattern::compile("(a+)+b").matches(text));
    EXPECT_FALSE(Pattern::compile("(a|a)*b").matches(text));
    EXPECT_TRUE(Pattern::compile("(a?){50}a*").matches(text));
    EXPECT_TRUE(Pattern::compile("(()*)*a*").matches(text));
}

}  // namespace
}  // namespace pamoja::workflows
