#include "crypto/token.hpp"

#include "base/failure.hpp"
#include "crypto/jws.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace pamoja::crypto {
namespace {

std::optional<json::Value> parse_claims(std::string_view text) {
    try {
        return json::parse(text, {.depth_max = 4, .values_max = 64});
    } catch (const Failure&) {
        return std::nullopt;
    }
}

// Reads claims and remembers whether one was missing or of another type.
class ClaimReader {
  public:
    explicit ClaimReader(const json::Value& claims) : claims_(claims) {}

    std::string text(std::string_view name) {
        const json::Value* value = claims_.find(name);
        const std::string* found = value == nullptr ? nullptr : value->string();
        if (found == nullptr || found->empty()) {
            is_complete_ = false;
            return {};
        }
        return *found;
    }

    Timestamp instant(std::string_view name) {
        // Beyond the year 9999 microseconds would soon overflow, and no token of ours lives that long.
        constexpr std::int64_t seconds_max = 253'402'300'799;
        const json::Value* value = claims_.find(name);
        const auto seconds = value == nullptr ? std::nullopt : value->integer();
        if (!seconds || *seconds < 0 || *seconds > seconds_max) {
            is_complete_ = false;
            return {};
        }
        return Timestamp::from_seconds(*seconds);
    }

    bool has(std::string_view name) const { return claims_.find(name) != nullptr; }
    bool is_complete() const { return is_complete_; }

  private:
    const json::Value& claims_;
    bool is_complete_ = true;
};

}  // namespace

std::string sign_token(const SigningKeys& keys, const Claims& claims) {
    json::Writer payload;
    payload.begin_object();
    payload.member("iss", claims.issuer);
    payload.member("aud", claims.audience);
    payload.member("sub", claims.subject);
    payload.member("sid", claims.session_id);
    payload.member("tenant", claims.tenant);
    payload.member("type", claims.type);
    payload.member("jti", claims.id);
    payload.member("iat", claims.issued_at.seconds());
    payload.member("exp", claims.expires_at.seconds());
    payload.end_object();
    return sign_jws(keys, payload.text());
}

std::optional<Claims> verify_token(const SigningKeys& keys, std::string_view text,
                                   const TokenExpectations& expected) {
    const auto payload = verify_jws(keys, text);
    const auto parsed = payload ? parse_claims(*payload) : std::nullopt;
    if (!parsed || parsed->object() == nullptr) return std::nullopt;

    ClaimReader reader(*parsed);
    Claims claims{.issuer = reader.text("iss"),
                  .audience = reader.text("aud"),
                  .subject = reader.text("sub"),
                  .session_id = reader.text("sid"),
                  .tenant = reader.text("tenant"),
                  .type = reader.text("type"),
                  .id = reader.text("jti"),
                  .issued_at = reader.instant("iat"),
                  .expires_at = reader.instant("exp")};
    const Timestamp not_before = reader.has("nbf") ? reader.instant("nbf") : claims.issued_at;
    if (!reader.is_complete()) return std::nullopt;

    const bool is_meant_for_us = claims.issuer == expected.issuer && claims.audience == expected.audience &&
                                 claims.type == expected.type;
    const Timestamp latest_now = expected.now.plus(expected.leeway);
    const bool holds_now = claims.issued_at <= latest_now && not_before <= latest_now &&
                           expected.now.minus(expected.leeway) < claims.expires_at;
    if (!is_meant_for_us || !holds_now) return std::nullopt;
    return claims;
}

}  // namespace pamoja::crypto
