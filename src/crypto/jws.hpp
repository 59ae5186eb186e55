#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signing_key.hpp"

namespace pamoja::crypto {

// A signed JSON text in compact form (RFC 7515): header.payload.signature. `type` is the header's "typ".
std::string sign_jws(const SigningKeys&, std::string_view payload, std::string_view type = "JWT");

// The payload of a text that one of our keys signed, or empty. Never follows what the header points at: the
// key is found by its id among ours, and the algorithm is the key's own. Texts over 8 KiB are refused unread.
std::optional<std::string> verify_jws(const SigningKeys&, std::string_view text,
                                      std::string_view type = "JWT");

}  // namespace pamoja::crypto
