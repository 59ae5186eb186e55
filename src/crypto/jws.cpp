#include "crypto/jws.hpp"

#include "base/failure.hpp"
#include "crypto/base64.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::size_t text_bytes_max = 8 * 1024;

struct Parts {
    std::string_view signed_text;  // header.payload
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
};

std::optional<Parts> split(std::string_view text) {
    if (text.size() > text_bytes_max) return std::nullopt;
    const auto first = text.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = text.find('.', first + 1);
    if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return Parts{.signed_text = text.substr(0, second),
                 .header = text.substr(0, first),
                 .payload = text.substr(first + 1, second - first - 1),
                 .signature = text.substr(second + 1)};
}

std::optional<json::Value> parse_header(std::string_view text) {
    try {
        return json::parse(text, {.depth_max = 2, .values_max = 16});
    } catch (const Failure&) {
        return std::nullopt;
    }
}

struct Header {
    std::string algorithm;
    std::string key_id;
};

// Our headers hold three members. Any other (crit, jku, jwk, x5u, b64, …) marks a text that is not ours.
std::optional<Header> header_of(std::string_view encoded, std::string_view type) {
    const auto text = from_base64url(encoded);
    const auto header = text ? parse_header(*text) : std::nullopt;
    if (!header || header->object() == nullptr || header->object()->size() != 3) return std::nullopt;
    const auto string_of = [&](std::string_view name) {
        const json::Value* value = header->find(name);
        return value == nullptr ? nullptr : value->string();
    };
    const std::string* algorithm = string_of("alg");
    const std::string* key_id = string_of("kid");
    const std::string* header_type = string_of("typ");
    if (algorithm == nullptr || key_id == nullptr || header_type == nullptr || *header_type != type) {
        return std::nullopt;
    }
    return Header{*algorithm, *key_id};
}

}  // namespace

std::string sign_jws(const SigningKeys& keys, std::string_view payload, std::string_view type) {
    json::Writer header;
    header.begin_object();
    header.member("alg", jws_name(keys.current_algorithm()));
    header.member("kid", keys.current_id());
    header.member("typ", type);
    header.end_object();
    const std::string signed_text = to_base64url(header.text()) + "." + to_base64url(payload);
    return signed_text + "." + to_base64url(keys.sign(signed_text));
}

std::optional<std::string> verify_jws(const SigningKeys& keys, std::string_view text, std::string_view type) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    const auto header = header_of(parts->header, type);
    auto payload = from_base64url(parts->payload);
    const auto signature = from_base64url(parts->signature);
    if (!header || !payload || !signature) return std::nullopt;
    if (!keys.verify(header->key_id, header->algorithm, parts->signed_text, *signature)) return std::nullopt;
    return payload;
}

}  // namespace pamoja::crypto
