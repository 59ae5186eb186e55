#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace pamoja::crypto {

// RFC 6238 with SHA-1, steps of 30 seconds and six digits, as authenticator apps do.
std::int64_t totp_step(Timestamp);
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6);

// The step whose code this is, at most `window` steps from now. The caller remembers it and refuses that step
// and earlier ones from then on: a code is good once.
std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Timestamp now,
                                       int window = 1);

}  // namespace pamoja::crypto
