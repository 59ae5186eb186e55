#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace pamoja::crypto {

// Argon2id with 19 MiB, two passes, one lane. About 20 ms of one core each: run these on a bounded pool,
// never inside a transaction. The password is taken as it is: every byte of it counts.
std::string hash_password(std::string_view password,
                          Random&);  // a PHC text: "$argon2id$v=19$m=19456,t=2,p=1$…"

// False as well for a text that is no argon2id hash, or that asks for more memory or passes than we ever
// wrote.
bool verify_password(std::string_view password, const std::string& phc);

// Costs what verify_password costs, for a person who does not exist or has no password.
void verify_password_of_nobody(std::string_view password);

// True when the hash was made with other parameters than today's: hash again while the password is at hand.
bool needs_rehash(std::string_view phc);

// How many argon2 computations this process has done: shows that two paths cost the same.
std::uint64_t password_hashes_computed();

}  // namespace pamoja::crypto
