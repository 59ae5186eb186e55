#include "openid/scopes.hpp"

#include <algorithm>

namespace pamoja::openid {
namespace {

// OpenID Connect Core 5.4, of what is known of a person here. There are no postal addresses.
std::vector<std::string> claims_of_scope(std::string_view scope) {
    if (scope == "profile") return {"name", "given_name", "family_name", "birthdate", "updated_at"};
    if (scope == "email") return {"email", "email_verified"};
    if (scope == "phone") return {"phone_number", "phone_number_verified"};
    return {};
}

}  // namespace

bool is_scope(std::string_view text) {
    constexpr std::size_t length_max = 100;
    return !text.empty() && text.size() <= length_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        if (!word.empty() && !contains(words, word)) words.emplace_back(word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += ' ';
        text += word;
    }
    return text;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool contains_all(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
    return std::ranges::all_of(wanted, [&](const std::string& word) { return contains(words, word); });
}

const std::vector<std::string>& known_claims() {
    static const auto claims = claims_of_scopes({"profile", "email", "phone"});
    return claims;
}

std::vector<std::string> claims_of_scopes(const std::vector<std::string>& scopes) {
    std::vector<std::string> claims;
    for (const auto& scope : scopes) {
        for (auto& claim : claims_of_scope(scope)) claims.push_back(std::move(claim));
    }
    return claims;
}

}  // namespace pamoja::openid
