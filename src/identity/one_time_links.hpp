#pragma once
#include <array>
#include <chrono>
#include <string>

#include "db/tenants_with.hpp"
#include "identity/passwords.hpp"
#include "identity/people.hpp"

namespace pamoja::identity {

inline constexpr Reason invalid_link{FailureKind::invalid, "invalid_token"};

enum class LinkPurpose { verify_email, reset_password };
constexpr std::array<const char*, 2> names(LinkPurpose) {
    return {"verify_email", "reset_password"};
}
std::chrono::seconds lifetime_of(LinkPurpose);  // 24 hours; 1 hour

// A secret of 256 bits that is sent to the person's address; the database keeps its digest. It works once,
// until it expires, the next one of its purpose is made, or the address changes.
std::string issue_link(Tx&, const Person&, LinkPurpose);
// The person's links of that purpose, or of every purpose, stop working.
void kill_links(Tx&, const UserId&, std::optional<LinkPurpose> = std::nullopt);

// Verifies the address. Throws invalid_link, with a field error on "token".
Person verify_email(Tx&, std::string_view token);

struct ResetRequest {
    Person person;
    std::string token;
};
// Empty when nobody active has that address: the caller answers the same either way.
std::optional<ResetRequest> request_password_reset(Tx&, std::string_view email);

struct PasswordReset {
    std::string token;
    PreparedPassword next;
};
// SLOW, for the ask phase: throws invalid_link before any hash, validation_failed for a password that breaks
// the rules.
PasswordReset check_password_reset(Database&, const TenantId&, std::string_view token, std::string_view next,
                                   Random&, std::string_view next_field = "new_password");
// Uses the link up, sets the password, ends all sessions and clears the count of wrong passwords.
Person reset_password(Tx&, const PasswordReset&);

std::int64_t forget_links(Tx&, Timestamp before, std::int64_t rows_max = 1000);
std::vector<TenantId> tenants_with_old_links(Tx&, const TenantSlice&, Timestamp before);

}  // namespace pamoja::identity
