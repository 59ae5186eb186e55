#pragma once
#include <string>

#include "identity/attempts.hpp"

namespace pamoja::identity {

inline constexpr AttemptRule login_attempts{"login", 10, std::chrono::minutes(15),
                                            "Too many failed sign-in attempts. Please try again later."};

// What wrong passwords are counted by: a digest of the address, whether anyone has it or not.
std::string login_subject(std::string_view email);

}  // namespace pamoja::identity
