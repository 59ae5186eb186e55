#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pamoja {

std::string to_hex(std::string_view bytes);  // lower case
std::optional<std::string> from_hex(std::string_view text);

}  // namespace pamoja
