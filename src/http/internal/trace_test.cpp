#include "http/internal/trace.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

TEST(TraceIds, RepeatOnlyWhatIsSafe) {
    SeededRandom random(1);
    TraceIds ids(random);
    auto id_for = [&](std::string name, std::string value) {
        Request request;
        request.headers = {{std::move(name), std::move(value)}};
        return ids.of(request);
    };
    EXPECT_EQ(id_for("x-request-id", "Abc_1.2-3"), "Abc_1.2-3");
    EXPECT_EQ(id_for("X-Trace-Id", std::string(64, 'a')), std::string(64, 'a'));
    for (std::string value : {std::string(), std::string(65, 'a'), std::string("a b"),
                              std::string("a\xe2\x80\xa8"), std::string("\x1b[31m"), std::string("a\"")}) {
        std::string id = id_for("X-Trace-Id", value);
        EXPECT_EQ(id.size(), 28U);
        EXPECT_TRUE(id.starts_with("req_"));
    }
    EXPECT_NE(id_for("X", ""), id_for("X", ""));
}

}  // namespace
}  // namespace pamoja::http::internal
