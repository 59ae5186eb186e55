#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pamoja::identity {

// The bytes of a refresh token: a version, the tenant with its length before it, the session's 16 bytes, the
// counter in groups of seven bits, 16 bytes of MAC, and 4 bytes of checksum, as base64url.
struct RefreshParts {
    std::string tenant;
    std::string session;  // a UUID
    std::int64_t counter = 0;
    std::string mac;
};

inline constexpr std::size_t refresh_mac_bytes = 16;

// What the MAC covers: all that stands before it. Throws std::logic_error for a session id that is no UUID.
std::string refresh_body(const RefreshParts&);
std::string write_refresh(const RefreshParts&);
// Empty for what is no such text; one text for one value. The MAC is for the caller to check.
std::optional<RefreshParts> parse_refresh(std::string_view text);

}  // namespace pamoja::identity
