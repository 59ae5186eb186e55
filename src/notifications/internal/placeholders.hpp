#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace pamoja::notifications {

// The names between {{ and }} in a text, without the spaces around them, in order and as often as they
// stand there. Empty when one is not closed.
std::optional<std::vector<std::string_view>> placeholders_in(std::string_view text);

std::string_view trimmed(std::string_view text);

}  // namespace pamoja::notifications
