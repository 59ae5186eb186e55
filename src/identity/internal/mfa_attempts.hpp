#pragma once
#include "identity/attempts.hpp"

namespace pamoja::identity {

// Six digits stand against a guesser who knows the password already: the second rule keeps the patient ones
// off. Recovery codes have a count of their own, so that a person whose codes were guessed at still gets in.
inline constexpr AttemptRule mfa_attempts{"mfa", 10, std::chrono::minutes(15),
                                          "Too many wrong codes. Please try again later."};
inline constexpr AttemptRule mfa_attempts_of_day{
    "mfa_day", 50, std::chrono::hours(24), "Too many wrong codes. Use a recovery code, or try again later."};
inline constexpr AttemptRule recovery_attempts{"mfa_recovery", 10, std::chrono::minutes(15),
                                               "Too many wrong codes. Please try again later."};
inline constexpr AttemptRule codes_sent{"mfa_send", 10, std::chrono::hours(1),
                                        "Too many codes were sent. Please try again later."};

}  // namespace pamoja::identity
