#pragma once
#include <string>
#include <string_view>

namespace pamoja {

// The text as it may stand in HTML, in an element or in a quoted attribute.
std::string escaped_html(std::string_view text);

}  // namespace pamoja
