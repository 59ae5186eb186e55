#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::openid {

inline constexpr std::string_view scope_openid = "openid";
inline constexpr std::string_view scope_offline = "offline_access";
// The platform's own API in the person's name: without it a token only opens userinfo.
inline constexpr std::string_view scope_api = "api";

// What a client may ask for unless it was registered with other ones.
inline constexpr std::array<const char*, 6> usual_scopes{"openid",  "profile", "email",
                                                         "address", "phone",   "offline_access"};

bool is_scope(std::string_view);                      // RFC 6749 3.3: one word of printable characters
std::vector<std::string> words_of(std::string_view);  // what blanks separate, each once, in order
std::string joined(const std::vector<std::string>&);  // with a blank between
bool contains(const std::vector<std::string>&, std::string_view);
bool contains_all(const std::vector<std::string>&, const std::vector<std::string>& wanted);

// The claims about a person that are there to ask for, and those that a scope stands for.
const std::vector<std::string>& known_claims();
std::vector<std::string> claims_of_scopes(const std::vector<std::string>& scopes);

}  // namespace pamoja::openid
