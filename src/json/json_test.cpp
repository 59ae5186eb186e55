#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/failure.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace pamoja::json {
namespace {

TEST(Parse, KeepsNumbersAsTheyWereWritten) {
    const auto tree = parse(R"({"a": 10375.0, "b": 0.1, "c": 12345678901234567890123, "d": -1e3})");
    EXPECT_EQ(tree.find("a")->number()->text, "10375.0");
    EXPECT_EQ(tree.find("b")->number()->text, "0.1");
    EXPECT_EQ(tree.find("c")->number()->text, "12345678901234567890123");
    EXPECT_EQ(tree.find("d")->number()->text, "-1e3");
    EXPECT_EQ(tree.find("d")->integer(), -1000);
}

TEST(Parse, FindsByDottedPath) {
    const auto tree = parse(R"({"Body":{"stkCallback":{"ResultCode":1032}}})");
    ASSERT_NE(tree.at("Body.stkCallback.ResultCode"), nullptr);
    EXPECT_EQ(tree.at("Body.stkCallback.ResultCode")->integer(), 1032);
    EXPECT_EQ(tree.at("Body.other.ResultCode"), nullptr);
}

TEST(Parse, RefusesWhatIsNotJson) {
    const std::string deep(10'000, '[');
    const std::string cases[] = {"",         "{",          "{\"a\":1,}",        "{a:1}",    "[1 2]",
                                 "nan",      "[01]",       "\"\\ud800\"",       "\"\xff\"", "{} {}",
                                 "// c\n{}", "{\"a\":1}x", "{\"a\":1,\"a\":2}", deep,       "[1.]"};
    for (const auto& text : cases) {
        EXPECT_THROW(parse(text), Failure) << text.substr(0, 40);
    }
}

TEST(Parse, FindsDuplicatesInLargeObjectsInLinearTime) {
    std::string text = "{";
    for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    EXPECT_THROW(parse(text + "\"k0\":1}"), Failure);
    EXPECT_NO_THROW(parse(text + "\"last\":1}"));
}

TEST(Parse, BoundsTheNumberOfValues) {
    std::string text = "[0";
    for (int i = 0; i < 200'000; ++i) text += ",0";
    EXPECT_THROW(parse(text + "]"), Failure);
}

TEST(Writer, EscapesAndReplacesInvalidBytes) {
    Writer writer;
    writer.begin_object();
    writer.member("quote\"", "line\n\x01");
    writer.member("utf8", "caf\xc3\xa9 \xff");
    writer.member("yes", true);
    writer.member("n", 7);
    writer.name("list");
    writer.begin_array();
    writer.null();
    writer.raw("12.50");
    writer.end_array();
    writer.end_object();
    EXPECT_EQ(writer.text(),
              "{\"quote\\\"\":\"line\\n\\u0001\",\"utf8\":\"caf\xc3\xa9 \xef\xbf\xbd\",\"yes\":true,\"n\":7,"
              "\"list\":[null,12.50]}");
}

TEST(Writer, RoundTripsATree) {
    const std::string text = R"({"a":[1,2.50,{"b":null}],"c":"\u00e9","d":false})";
    EXPECT_EQ(parse(to_text(parse(text))), parse(text));
}

}  // namespace
}  // namespace pamoja::json
