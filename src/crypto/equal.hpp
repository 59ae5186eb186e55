#pragma once
#include <string_view>

namespace pamoja::crypto {

// Compares secrets in a time that depends on their lengths alone.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace pamoja::crypto
