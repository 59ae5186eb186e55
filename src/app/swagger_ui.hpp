#pragma once
#include <string_view>

namespace pamoja::app {

// Swagger UI of npm's swagger-ui-dist, embedded at build time. Empty when the package was not installed.
std::string_view swagger_ui_script();
std::string_view swagger_ui_style();

}  // namespace pamoja::app
