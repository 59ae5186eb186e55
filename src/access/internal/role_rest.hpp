#pragma once
#include <string>
#include <string_view>

#include "access/internal/program.hpp"

namespace pamoja::access {

// The literal roles that a test of user.role chooses from; empty for every other test.
std::optional<std::vector<std::string>> chosen_roles(const Test&);

// What is left to evaluate of a condition once the user is known to have the role: the tests are dropped that
// hold by that alone.
Program rest_for_role(const Program&, std::string_view role);

// Equal for programs that evaluate alike, wherever they were written.
std::string key_of(const Program&);

}  // namespace pamoja::access
