#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "crypto/keyring.hpp"

namespace pamoja::crypto {

// Encryption of single values at rest: AES-256-GCM under the keyring's current key with a fresh nonce, as
// "v1.KEYID.base64url(nonce, ciphertext, tag)". The context says where the value belongs
// ("users.totp_secret:" and the row's id) and is bound to it, so that a value moved to another row does not
// open.
std::string seal(const Keyring&, std::string_view plain, std::string_view context, Random&);

// Empty when the text is malformed or altered, its key is unknown, or the context is another.
std::optional<std::string> open(const Keyring&, std::string_view sealed, std::string_view context);

// True when the text is sealed under another key than the current one.
bool needs_reseal(const Keyring&, std::string_view sealed);

}  // namespace pamoja::crypto
