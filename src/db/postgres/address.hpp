#pragma once
#include <string>

namespace pamoja::postgres {

// Where the server is and how many connections to hold. `pool` is our own option in the URL
// ("postgresql://host/pamoja?pool=40"); libpq gets the URL without it.
struct Address {
    std::string url;
    int connections_max = 24;
};

// Throws std::runtime_error unless the pool is a number from 2 to 1000.
Address parse_address(const std::string& url);

}  // namespace pamoja::postgres
