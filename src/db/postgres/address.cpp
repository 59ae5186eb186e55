#include "db/postgres/address.hpp"

#include <charconv>
#include <stdexcept>

namespace pamoja::postgres {
namespace {

int parse_pool(std::string_view text) {
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count < 2 || count > 1000) {
        throw std::runtime_error("the option pool of a database is a number from 2 to 1000, not " +
                                 std::string(text));
    }
    return count;
}

}  // namespace

Address parse_address(const std::string& url) {
    const std::string_view whole = url;
    const auto question = whole.find('?');
    Address address{.url = std::string(whole.substr(0, question))};
    char separator = '?';
    for (auto start = question; start != std::string_view::npos;) {
        const auto end = whole.find('&', start + 1);
        const auto option = whole.substr(start + 1, end == std::string_view::npos ? end : end - start - 1);
        constexpr std::string_view pool = "pool=";
        if (option.starts_with(pool)) {
            address.connections_max = parse_pool(option.substr(pool.size()));
        } else {
            address.url += separator + std::string(option);
            separator = '&';
        }
        start = end;
    }
    return address;
}

}  // namespace pamoja::postgres
