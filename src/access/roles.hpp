#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::access {

// Roles are names within a tenant. These are FlexiFinance's; every one of its people is a borrower.
inline constexpr std::string_view borrower = "borrower";
inline constexpr std::string_view loan_officer = "loan_officer";
inline constexpr std::string_view admin = "admin";

// Both hold from the next request on. Granting twice changes nothing. `by` is empty when the system does it.
void grant_role(Tx&, const UserId&, std::string_view role, const UserId& by = {});
void revoke_role(Tx&, const UserId&, std::string_view role);

std::vector<std::string> roles_of(Tx&, const UserId&);  // in order of name
bool has_role(Tx&, const UserId&, std::string_view role);
std::vector<UserId> people_with_role(Tx&, std::string_view role);

}  // namespace pamoja::access
