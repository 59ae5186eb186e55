#pragma once
#include <string>
#include <string_view>

#include "identity/people.hpp"

namespace pamoja::identity {

// The pattern of LIKE for a text that is anywhere within one in lower case; '!' escapes.
inline std::string like_containing(std::string_view text) {
    std::string pattern = "%";
    for (const char c : normalize_email(text)) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace pamoja::identity
