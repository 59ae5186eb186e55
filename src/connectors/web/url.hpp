#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pamoja::web {

// The parts of an absolute URL that rules are about.
struct Url {
    std::string scheme;  // in lower case
    std::string host;    // an IPv6 address without its brackets
    long port = 0;       // the scheme's own when the URL names none
    bool has_credentials = false;
    bool has_fragment = false;
};

// Read by the parser that connects later, so that both mean the same host: "http://0x7f.1" has the host
// 127.0.0.1. Empty for what is no absolute URL, or holds white space, control characters or backslashes.
std::optional<Url> parse_url(std::string_view);

// The ports that calls to public addresses may go to.
bool is_web_port(long port);

}  // namespace pamoja::web
