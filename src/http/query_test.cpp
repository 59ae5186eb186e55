#include "http/query.hpp"

#include <gtest/gtest.h>

#include "base/failure.hpp"

namespace pamoja::http {
namespace {

std::string listed(std::string_view raw) {
    std::string text;
    for (const Parameter& parameter : Query::parse(raw).all())
        text += "[" + parameter.name + "=" + parameter.value + "]";
    return text;
}

TEST(Query, DecodesNamesAndValuesOnce) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", ""},
        {"a=1&b=2", "[a=1][b=2]"},
        {"a", "[a=]"},
        {"a=", "[a=]"},
        {"=a", "[=a]"},
        {"&&a=1&", "[a=1]"},
        {"a=b=c", "[a=b=c]"},
        {"a=1+2%2B3", "[a=1 2+3]"},
        {"a%5B%5D=%26%3D", "[a[]=&=]"},
        {"a=%2541", "[a=%41]"},
        {"q=caf%C3%A9", "[q=caf\xc3\xa9]"},
    };
    for (const auto& [raw, expected] : rows) EXPECT_EQ(listed(raw), expected) << raw;
}

TEST(Query, RefusesWhatIsNotEncodedProperly) {
    for (std::string_view raw : {"a=%", "a=%4", "a=%zz", "%=a", "a=%00", "a=%ff", "a=%c0%af"})
        EXPECT_THROW(Query::parse(raw), Failure) << raw;
}

TEST(Query, TakesAHundredParameters) {
    std::string raw;
    for (int i = 0; i < 100; ++i) raw += "a=1&";
    EXPECT_EQ(Query::parse(raw).all().size(), 100U);
    EXPECT_THROW(Query::parse(raw + "a=1"), Failure);
}

TEST(Query, TellsRepeatedNames) {
    Query query = Query::parse("status=A&page=1&status=B");
    EXPECT_EQ(query.repeated_name(), "status");
    EXPECT_EQ(query.find("status"), "A");
    EXPECT_EQ(query.values("status"), (std::vector<std::string_view>{"A", "B"}));
    EXPECT_EQ(query.find("none"), std::nullopt);
    EXPECT_EQ(Query::parse("a=1&b=1").repeated_name(), std::nullopt);
}

}  // namespace
}  // namespace pamoja::http
