#include "webhooks/internal/target.hpp"

#include "connectors/web/address.hpp"
#include "connectors/web/url.hpp"

namespace pamoja::webhooks {
namespace {

bool is_on_this_machine(const web::Url& url) {
    return url.host == "127.0.0.1" || url.host == "::1" || url.host == "localhost";
}

// Digits, dots and colons: an address, not a name.
bool is_numeric(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Why the URL is none to send to, or empty. The address behind a name is checked when it is connected to.
std::string_view problem_of(const web::Url& url) {
    if (url.scheme != "https") return "A webhook's URL begins with https://.";
    if (!web::is_web_port(url.port)) return "A webhook's port is 443, 8443, 80 or 8080.";
    if (is_numeric(url.host) && !web::is_public_address(url.host))
        return "A webhook's address is one of the public internet.";
    if (url.host == "localhost" || url.host.ends_with(".localhost") || url.host.ends_with(".internal"))
        return "A webhook's address is one of the public internet.";
    return {};
}

std::string_view problem_of(const std::optional<web::Url>& url, const UrlRules& rules) {
    if (!url) return "That is no URL.";
    if (url->has_credentials) return "A webhook's URL holds no user name or password.";
    if (url->has_fragment) return "A webhook's URL has no fragment.";
    const bool is_http = url->scheme == "http" || url->scheme == "https";
    if (rules.allows_loopback && is_http && is_on_this_machine(*url)) return {};
    return problem_of(*url);
}

}  // namespace

void require_url(std::string_view text, const UrlRules& rules) {
    const auto problem = problem_of(web::parse_url(text), rules);
    require_field(problem.empty(), "url", "invalid", problem);
}

std::optional<web::Reach> reach_of(std::string_view text, const UrlRules& rules) {
    const auto url = web::parse_url(text);
    if (!problem_of(url, rules).empty()) return std::nullopt;
    return rules.allows_loopback && is_on_this_machine(*url) ? web::Reach::anywhere : web::Reach::public_only;
}

}  // namespace pamoja::webhooks
