#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "identity/mfa.hpp"
#include "identity/people.hpp"
#include "identity/sessions.hpp"

namespace pamoja::identity {

// One text and one kind of refusal for an unknown address, a wrong password and an account that is disabled.
inline constexpr Reason wrong_credentials{FailureKind::unauthenticated, "invalid_credentials"};

// A password that keeps the rules, already hashed: the slow half of setting one.
struct PreparedPassword {
    std::string phc;
};

struct PasswordProblem {
    const char* code;     // "too_short", "too_long", "too_common", "too_personal"
    const char* message;  // a sentence
};

// What is wrong with a password; empty when it keeps the rules: 8 to 128 characters, none of the most common
// ones, not the person's own address or name (`personal`).
std::optional<PasswordProblem> password_problem(std::string_view password,
                                                const std::vector<std::string>& personal);
// The person's address and names, as `personal` wants them.
std::vector<std::string> personal_words(const Person&);

// SLOW (argon2id): never inside a transaction. Throws validation_failed that names `field`.
PreparedPassword prepare_password(std::string_view password, const std::vector<std::string>& personal,
                                  Random&, std::string_view field = "password");
// Sets or replaces the person's password. Links to reset it die; sessions go on.
void set_password(Tx&, const UserId&, const PreparedPassword&);

// What the slow half of a sign-in found out: the password was right.
struct LoginFacts {
    UserId user_id;
    std::string email;
    std::int64_t password_version = 0;            // a change in between voids the facts
    std::optional<PreparedPassword> rehashed;     // today's parameters, where the stored hash had older ones
    std::optional<SecondFactor> second_factor{};  // what check_second_step() found to be right
};

// SLOW: for the ask phase, on the pool for hashing. Throws wrong_credentials, or rate_limited with
// retry_after: after ten wrong passwords of one account within fifteen minutes, until these have passed.
// A wrong password is counted durably before this returns; refused attempts cost no hash when the account is
// known to be locked. Whether an address is known cannot be told from the answer, the work or the counting.
// Throws tenant_suspended before anything else where nobody may sign in.
LoginFacts check_login(Database&, const TenantId&, std::string_view email, std::string_view password, Random&,
                       const Device& = {});
// The write half: clears the count, uses the second factor up and starts the session. Throws
// wrong_credentials when the account changed in between, rate_limited when it was locked in between,
// mfa_code_wrong when the code was used in between or the facts lack one that the person has.
Session finish_login(Tx&, const LoginFacts&, const Device&, std::chrono::seconds session_lifetime);

// SLOW. That a signed-in person knows their password, before something that a stolen session must not do. A
// wrong one counts like one at sign-in, and is a field error.
void check_own_password(Database&, const TenantId&, const UserId&, std::string_view password,
                        std::string_view field = "password");

// The slow half of changing a password: the current one was right and the next one keeps the rules.
struct PasswordChange {
    UserId user_id;
    std::int64_t password_version = 0;
    PreparedPassword next;
};

struct PasswordChangeRequest {
    std::string current;
    std::string next;
    std::string current_field = "current_password";  // the wire's names, for field errors
    std::string next_field = "new_password";
};

// SLOW. A wrong current password counts like one at sign-in, and is a field error.
PasswordChange check_password_change(Database&, const TenantId&, const UserId&, const PasswordChangeRequest&,
                                     Random&);
// Ends every session but the one that asks. Throws conflict when the password changed in between.
void change_password(Tx&, const PasswordChange&, const SessionId& keep);

}  // namespace pamoja::identity
