#include "connectors/web/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace pamoja::web {

std::optional<std::chrono::seconds> retry_after(const WebResponse& response, std::int64_t now_seconds) {
    const std::string text(response.header("Retry-After"));
    if (text.empty()) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc() && end == text.data() + text.size()) {
        return seconds < 0 ? std::nullopt : std::optional(std::chrono::seconds(seconds));
    }
    const auto date = static_cast<std::int64_t>(curl_getdate(text.c_str(), nullptr));
    if (date < 0) return std::nullopt;
    return std::chrono::seconds(std::max<std::int64_t>(date - now_seconds, 0));
}

}  // namespace pamoja::web
