#pragma once
#include <string>
#include <string_view>

namespace pamoja::crypto {

// The results are raw bytes; to_hex or to_base64 makes text of them.
std::string sha256(std::string_view message);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view message);    // 20 bytes; for TOTP only

// RFC 5869 with SHA-256 and no salt. At most 255 * 32 bytes.
std::string hkdf_sha256(std::string_view key, std::string_view label, std::size_t bytes_count);

}  // namespace pamoja::crypto
