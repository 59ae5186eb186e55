#include "app/swagger_ui.hpp"

#ifdef PAMOJA_SWAGGER_UI
// The assembler copies the files in; a string literal of a megabyte would take the compiler minutes.
__asm__(
    ".section .rodata\n"
    ".global pamoja_swagger_script\npamoja_swagger_script: .incbin \"" PAMOJA_SWAGGER_UI
    "/swagger-ui-bundle.js\"\n"
    ".global pamoja_swagger_script_end\npamoja_swagger_script_end:\n"
    ".global pamoja_swagger_style\npamoja_swagger_style: .incbin \"" PAMOJA_SWAGGER_UI
    "/swagger-ui.css\"\n"
    ".global pamoja_swagger_style_end\npamoja_swagger_style_end:\n.byte 0\n"
    ".previous\n");

extern "C" const char pamoja_swagger_script[];
extern "C" const char pamoja_swagger_script_end[];
extern "C" const char pamoja_swagger_style[];
extern "C" const char pamoja_swagger_style_end[];
#endif

namespace pamoja::app {

#ifdef PAMOJA_SWAGGER_UI
std::string_view swagger_ui_script() {
    return {pamoja_swagger_script,
            static_cast<std::size_t>(pamoja_swagger_script_end - pamoja_swagger_script)};
}
std::string_view swagger_ui_style() {
    return {pamoja_swagger_style, static_cast<std::size_t>(pamoja_swagger_style_end - pamoja_swagger_style)};
}
#else
std::string_view swagger_ui_script() {
    return {};
}
std::string_view swagger_ui_style() {
    return {};
}
#endif

}  // namespace pamoja::app
