#include "db/postgres/address.hpp"

#include <gtest/gtest.h>

namespace pamoja::postgres {
namespace {

TEST(PostgresAddress, KeepsThePoolToItself) {
    const struct {
        const char* url;
        const char* expected;
        int connections_max;
    } cases[] = {
        {"postgresql://h/d", "postgresql://h/d", 24},
        {"postgresql://h/d?pool=8", "postgresql://h/d", 8},
        {"postgresql:///d?host=/tmp&pool=8&user=u", "postgresql:///d?host=/tmp&user=u", 8},
        {"postgresql:///d?pool=8&host=/tmp", "postgresql:///d?host=/tmp", 8},
    };
    for (const auto& [url, expected, connections_max] : cases) {
        const auto address = parse_address(url);
        EXPECT_EQ(address.url, expected);
        EXPECT_EQ(address.connections_max, connections_max);
    }
    EXPECT_THROW(parse_address("postgresql://h/d?pool=1"), std::runtime_error);
    EXPECT_THROW(parse_address("postgresql://h/d?pool=many"), std::runtime_error);
}

}  // namespace
}  // namespace pamoja::postgres
