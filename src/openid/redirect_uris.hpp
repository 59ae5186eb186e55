#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/query.hpp"

namespace pamoja::openid {

// Whether an answer may ever be sent there: https, http on the machine itself, or an application's own scheme
// ("com.example.app:/done"); absolute, without fragment, plain characters only.
bool is_redirect_uri(std::string_view uri);

// How a Content-Security-Policy names where it leads: "https://app.example.com", "com.example.app:".
std::string policy_source_of(std::string_view redirect_uri);

std::string form_encoded(const std::vector<http::Parameter>&);
// The address with these parameters after those that it has.
std::string with_parameters(std::string_view uri, const std::vector<http::Parameter>&);

}  // namespace pamoja::openid
