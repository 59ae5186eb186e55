#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pamoja::http::internal {

// Letters, digits and the marks that names of methods, fields and parameters are made of (RFC 9110, 5.6.2).
bool is_token_character(char);
bool is_token(std::string_view);
bool is_digits(std::string_view);
// The number that the text is when it is all digits and fits; absent otherwise.
std::optional<std::uint64_t> parse_digits(std::string_view);
// Everything below a space, and DEL.
bool is_control(char);

char lower(char);
std::string lower(std::string_view);
bool equals_ignoring_case(std::string_view, std::string_view);
// Without the spaces and tabs at both ends.
std::string_view trim(std::string_view);

// Cuts `text` at the first `mark`, returns what stands before it and leaves in `text` what follows.
std::string_view take_until(std::string_view& text, char mark);

// True for well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view);

enum class Plus { is_itself, is_space };

// Replaces %XX once. Absent when an escape is incomplete or not hexadecimal.
std::optional<std::string> percent_decode(std::string_view, Plus);

}  // namespace pamoja::http::internal
