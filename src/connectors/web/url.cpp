#include "connectors/web/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace pamoja::web {
namespace {

constexpr std::array<long, 4> web_ports{80, 443, 8080, 8443};

struct CurlFree {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// One part of a parsed URL; empty when it has none.
std::string part_of(CURLU* url, CURLUPart part, unsigned int flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

bool is_odd(char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\';
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    if (std::ranges::any_of(text, is_odd)) return std::nullopt;
    const std::unique_ptr<CURLU, CurlFree> parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, std::string(text).c_str(),
                                CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        return std::nullopt;
    }
    Url url;
    url.scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    url.host = part_of(parsed.get(), CURLUPART_HOST);
    if (url.host.starts_with('[') && url.host.ends_with(']'))
        url.host = url.host.substr(1, url.host.size() - 2);
    const std::string port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), url.port);
    url.has_credentials =
        !part_of(parsed.get(), CURLUPART_USER).empty() || !part_of(parsed.get(), CURLUPART_PASSWORD).empty();
    url.has_fragment = !part_of(parsed.get(), CURLUPART_FRAGMENT).empty();
    return url;
}

bool is_web_port(long port) {
    return std::ranges::find(web_ports, port) != web_ports.end();
}

}  // namespace pamoja::web
