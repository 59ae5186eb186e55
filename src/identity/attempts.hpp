#pragma once
#include <chrono>
#include <string>

#include "db/tenants_with.hpp"

namespace pamoja::identity {

// Wrong guesses at a secret of one subject (an account, a PIN, a code), counted in the database so that they
// hold across processes and restarts. The window starts at the first wrong guess.
struct AttemptRule {
    const char* purpose;  // "login"
    std::int64_t wrong_max;
    std::chrono::seconds window;
    const char* message = "Too many failed attempts. Please try again later.";
};

// Throws rate_limited with retry_after when the subject has no guess left.
void require_attempts_left(Tx&, const AttemptRule&, std::string_view subject);
// Counts a wrong guess; throws rate_limited, counting nothing, when none was left. Commit it before anyone
// learns that the guess was wrong.
void count_wrong_attempt(Tx&, const AttemptRule&, std::string_view subject);
// Counts something that may happen only so often, and tells whether it may. Counts nothing when it may not.
bool take_attempt(Tx&, const AttemptRule&, std::string_view subject);
void clear_attempts(Tx&, const AttemptRule&, std::string_view subject);
// Deletes counters that started before that; at most `rows_max`. Returns how many.
std::int64_t forget_attempts(Tx&, Timestamp before, std::int64_t rows_max = 1000);
std::vector<TenantId> tenants_with_old_attempts(Tx&, const TenantSlice&, Timestamp before);

}  // namespace pamoja::identity
