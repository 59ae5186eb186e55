#include "openid/redirect_uris.hpp"

#include <algorithm>

namespace pamoja::openid {
namespace {

constexpr std::size_t length_max = 2048;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What stands before the first colon; empty when that is no scheme.
std::string_view scheme_of(std::string_view uri) {
    const auto colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    const auto scheme = uri.substr(0, colon);
    const bool is_scheme = std::ranges::all_of(
        scheme, [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; });
    return is_scheme ? scheme : std::string_view();
}

// "app.example.com:8080" of "https://app.example.com:8080/done"; empty when there is none.
std::string_view authority_of(std::string_view uri) {
    const auto begin = uri.find("://");
    if (begin == std::string_view::npos) return {};
    const auto rest = uri.substr(begin + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

bool is_this_machine(std::string_view authority) {
    if (authority.starts_with("[::1]")) return authority.size() == 5 || authority[5] == ':';
    const auto host = authority.substr(0, authority.find(':'));
    return host == "localhost" || host == "127.0.0.1";
}

// The authority becomes part of a policy in a header, so it holds nothing that could end its source there.
bool is_plain_authority(std::string_view authority) {
    return !authority.empty() && std::ranges::all_of(authority, [](char c) {
        return is_letter_or_digit(c) || std::string_view(".-_:[]").find(c) != std::string_view::npos;
    });
}

bool has_plain_characters(std::string_view uri) {
    return std::ranges::all_of(uri, [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    });
}

}  // namespace

bool is_redirect_uri(std::string_view uri) {
    if (uri.empty() || uri.size() > length_max || !has_plain_characters(uri)) return false;
    if (uri.find('#') != std::string_view::npos) return false;
    const auto scheme = scheme_of(uri);
    if (scheme == "https") return is_plain_authority(authority_of(uri));
    if (scheme == "http") return is_plain_authority(authority_of(uri)) && is_this_machine(authority_of(uri));
    // RFC 8252 7.1: a scheme of one's own is a domain name in reverse, which keeps out "javascript" and
    // "data".
    return scheme.find('.') != std::string_view::npos;
}

std::string policy_source_of(std::string_view uri) {
    const auto scheme = scheme_of(uri);
    if (scheme != "https" && scheme != "http") return std::string(scheme) + ":";
    return std::string(scheme) + "://" + std::string(authority_of(uri));
}

std::string form_encoded(const std::vector<http::Parameter>& parameters) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    const auto append = [&](std::string_view value) {
        for (const char c : value) {
            if (is_letter_or_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
                text += c;
            } else {
                const auto byte = static_cast<unsigned char>(c);
                text += {'%', digits[byte >> 4U], digits[byte & 15U]};
            }
        }
    };
    for (const auto& [name, value] : parameters) {
        if (!text.empty()) text += '&';
        append(name);
        text += '=';
        append(value);
    }
    return text;
}

std::string with_parameters(std::string_view uri, const std::vector<http::Parameter>& parameters) {
    std::string text(uri);
    if (parameters.empty()) return text;
    text += uri.find('?') == std::string_view::npos ? '?' : '&';
    return text + form_encoded(parameters);
}

}  // namespace pamoja::openid
