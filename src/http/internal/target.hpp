#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace pamoja::http::internal {

// Host and port as a Host field or an absolute target names them.
struct Authority {
    std::string host;       // lower case; an IPv6 address keeps its brackets
    std::string_view port;  // digits, empty when none was given
};

// Absent unless the text is a host name or address with at most a port: no user, no spaces, no escapes.
std::optional<Authority> parse_authority(std::string_view);

// A request target taken apart. `authority` and `scheme` are empty in the usual origin form.
struct Target {
    std::string_view scheme;
    std::string_view authority;
    std::string_view path;  // still encoded
    std::string_view query;
};

// Takes the origin form ("/a?b") and the absolute form ("http://host/a?b"); absent for anything else.
std::optional<Target> split_target(std::string_view);

// True when an absolute target names the same host and port as the Host field.
bool is_same_authority(const Target&, const Authority& host);

// The path decoded once. Absent for what no honest client sends: bad escapes, bad UTF-8, control characters,
// an encoded slash, a backslash, and segments "." and "..".
std::optional<std::string> decode_path(std::string_view encoded);

}  // namespace pamoja::http::internal
