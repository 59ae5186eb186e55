#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pamoja::crypto {

// RFC 4648. Decoding is strict: one text for each value, so no whitespace, no missing or extra padding, and
// no stray bits in the last character.
std::string to_base64(std::string_view bytes);  // with padding
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64url(std::string_view bytes);  // without padding
std::optional<std::string> from_base64url(std::string_view text);

// As authenticator apps show secrets: upper case, no padding. Reading takes lower case, spaces and hyphens
// too.
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

}  // namespace pamoja::crypto
