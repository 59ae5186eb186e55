#pragma once
#include <cstddef>
#include <string_view>

namespace pamoja::identity {

// Whether this is one of the passwords that are tried first: everyday words, names, places and clubs with the
// endings that people add, runs of the keyboard, dates and repetitions. Case and the usual substitutions (@
// for a, 0 for o) make no difference.
bool is_common_password(std::string_view password);
std::size_t common_passwords_known();

}  // namespace pamoja::identity
