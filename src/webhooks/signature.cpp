#include "webhooks/signature.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"

namespace pamoja::webhooks {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_bytes_min = 24;
constexpr std::size_t secret_bytes_max = 64;

// Empty for what is no secret.
std::string key_of(std::string_view secret) {
    if (!secret.starts_with(secret_prefix)) return {};
    std::string key = crypto::from_base64(secret.substr(secret_prefix.size())).value_or("");
    if (key.size() < secret_bytes_min || key.size() > secret_bytes_max) key.clear();
    return key;
}

std::string signature_of(std::string_view key, std::string_view content) {
    return std::string(version_prefix) + crypto::to_base64(crypto::hmac_sha256(key, content));
}

std::optional<std::int64_t> whole_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
    return seconds;
}

bool is_within(std::int64_t seconds, Timestamp now, std::chrono::seconds tolerance) {
    const std::int64_t present = now.seconds();
    const std::int64_t distance = seconds > present ? seconds - present : present - seconds;
    return distance <= tolerance.count();
}

}  // namespace

std::string make_secret(Random& random) {
    return std::string(secret_prefix) + crypto::to_base64(random.bytes(secret_bytes));
}

std::string signed_content(std::string_view message_id, std::int64_t timestamp_seconds,
                           std::string_view body) {
    std::string content(message_id);
    content += '.';
    content += std::to_string(timestamp_seconds);
    content += '.';
    content += body;
    return content;
}

std::string signature_header(const std::vector<std::string>& secrets, std::string_view content) {
    std::string header;
    for (const std::string& secret : secrets) {
        const std::string key = key_of(secret);
        if (key.empty()) throw std::invalid_argument("a webhook's secret is malformed");
        if (!header.empty()) header += ' ';
        header += signature_of(key, content);
    }
    return header;
}

bool is_genuine(const Received& received, std::string_view secret, Timestamp now,
                std::chrono::seconds tolerance) {
    const std::string key = key_of(secret);
    const auto seconds = whole_seconds(received.timestamp);
    if (key.empty() || !seconds || !is_within(*seconds, now, tolerance)) return false;
    const std::string expected = signature_of(key, signed_content(received.id, *seconds, received.body));
    std::string_view rest = received.signature;
    bool is_found = false;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        is_found = crypto::constant_time_equal(rest.substr(0, end), expected) || is_found;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return is_found;
}

}  // namespace pamoja::webhooks
