#include "http/internal/target.hpp"

#include <algorithm>

#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr std::size_t host_bytes_max = 255;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > host_bytes_max) return false;
    if (host.front() != '[') return std::all_of(host.begin(), host.end(), is_host_character);
    if (host.size() < 4 || host.back() != ']') return false;
    return std::all_of(host.begin() + 1, host.end() - 1, is_address_character);
}

bool is_port(std::string_view port) {
    return port.size() <= 5 && parse_digits(port).value_or(65536) < 65536;
}

// The segments of a decoded path that would climb or stand still in a file system.
bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        std::string_view segment = take_until(path, '/');
        if (segment == "." || segment == "..") return true;
    }
    return false;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
    auto bracket = text.rfind(']');
    auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    Authority result{lower(text.substr(0, colon)), {}};
    if (!is_host(result.host)) return std::nullopt;
    if (colon != std::string_view::npos) {
        result.port = text.substr(colon + 1);
        if (!is_port(result.port)) return std::nullopt;
    }
    return result;
}

std::optional<Target> split_target(std::string_view text) {
    Target target;
    if (!text.starts_with('/')) {
        auto end = text.find("://");
        if (end == std::string_view::npos) return std::nullopt;
        target.scheme = text.substr(0, end);
        if (!equals_ignoring_case(target.scheme, "http") && !equals_ignoring_case(target.scheme, "https"))
            return std::nullopt;
        text.remove_prefix(end + 3);
        auto path = std::min(text.find_first_of("/?"), text.size());
        target.authority = text.substr(0, path);
        text.remove_prefix(path);
    }
    target.path = take_until(text, '?');
    if (target.path.empty()) target.path = "/";
    target.query = text;
    return target;
}

bool is_same_authority(const Target& target, const Authority& host) {
    auto named = parse_authority(target.authority);
    if (!named) return false;
    std::string_view usual = equals_ignoring_case(target.scheme, "https") ? "443" : "80";
    auto port_of = [&](const Authority& authority) {
        return authority.port.empty() ? usual : authority.port;
    };
    return named->host == host.host && port_of(*named) == port_of(host);
}

std::optional<std::string> decode_path(std::string_view encoded) {
    auto path = percent_decode(encoded, Plus::is_itself);
    if (!path) return std::nullopt;
    if (path->size() != encoded.size()) {
        // A slash that appears only by decoding would change the segments that others saw.
        auto slashes = [](std::string_view text) { return std::count(text.begin(), text.end(), '/'); };
        if (slashes(*path) != slashes(encoded)) return std::nullopt;
    }
    if (path->find('\\') != std::string::npos || std::any_of(path->begin(), path->end(), is_control))
        return std::nullopt;
    if (has_dot_segment(*path) || !is_utf8(*path)) return std::nullopt;
    return path;
}

}  // namespace pamoja::http::internal
