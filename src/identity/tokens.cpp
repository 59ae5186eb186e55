#include "identity/tokens.hpp"

#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "identity/internal/refresh_format.hpp"
#include "identity/internal/verified_tokens.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t verified_max = 16'384;
constexpr std::size_t token_id_bytes = 16;
constexpr std::size_t token_length_max = 8192;
constexpr const char* access_type = "access";

}  // namespace

TokenIssuer::TokenIssuer(crypto::SigningKeys keys, const crypto::Keyring& keyring,
                         std::map<std::string, FaceTokens, std::less<>> faces)
    : keys_(std::move(keys)),
      faces_(std::move(faces)),
      verified_(std::make_unique<VerifiedTokens>(verified_max)) {
    for (const auto& [name, tokens] : faces_) {
        refresh_roots_[name] = keyring.derive("identity refresh tokens of " + name);
    }
}

TokenIssuer::~TokenIssuer() = default;

const FaceTokens& TokenIssuer::face(std::string_view name) const {
    const auto found = faces_.find(name);
    if (found == faces_.end()) throw std::out_of_range("no tokens are configured for " + std::string(name));
    return found->second;
}

AccessToken TokenIssuer::issue_access_token(std::string_view face_name, const TenantId& tenant,
                                            const Session& session, Timestamp now, Random& random) const {
    const FaceTokens& tokens = face(face_name);
    const crypto::Claims claims{.issuer = tokens.issuer,
                                .audience = std::string(face_name),
                                .subject = session.user_id.text(),
                                .session_id = session.id.text(),
                                .tenant = tenant.text(),
                                .type = access_type,
                                .id = random.hex(token_id_bytes),
                                .issued_at = now,
                                .expires_at = now.plus(tokens.access_lifetime)};
    return {crypto::sign_token(keys_, claims), tokens.access_lifetime.count()};
}

std::optional<crypto::Claims> TokenIssuer::read_access_token(std::string_view face_name,
                                                             std::string_view text, Timestamp now) const {
    if (text.size() > token_length_max) return std::nullopt;
    const FaceTokens& tokens = face(face_name);
    const std::string digest = crypto::sha256(text);
    if (auto known = verified_->find(digest)) {
        const bool holds = known->audience == face_name && known->issuer == tokens.issuer &&
                           known->issued_at <= now && now < known->expires_at;
        return holds ? std::move(known) : std::nullopt;
    }
    auto claims = crypto::verify_token(
        keys_, text,
        {.issuer = tokens.issuer, .audience = std::string(face_name), .type = access_type, .now = now});
    if (claims) verified_->remember(digest, *claims);
    return claims;
}

std::string TokenIssuer::refresh_token(std::string_view face_name, const TenantId& tenant,
                                       const Session& session) const {
    RefreshParts parts{tenant.text(), session.id.text(), session.refresh_counter, {}};
    parts.mac = refresh_mac(face_name, session.id.text(), refresh_body(parts));
    return write_refresh(parts);
}

std::optional<RefreshToken> TokenIssuer::read_refresh_token(std::string_view face_name,
                                                            std::string_view text) const {
    const auto parts = parse_refresh(text);
    if (!parts) return std::nullopt;
    const std::string mac = refresh_mac(face_name, parts->session, refresh_body(*parts));
    if (!crypto::constant_time_equal(mac, parts->mac)) return std::nullopt;
    return RefreshToken{TenantId(parts->tenant), SessionId(parts->session), parts->counter};
}

std::string TokenIssuer::refresh_mac(std::string_view face_name, std::string_view session,
                                     std::string_view body) const {
    const auto root = refresh_roots_.find(face_name);
    if (root == refresh_roots_.end()) throw std::out_of_range("no tokens are configured for this face");
    const std::string session_key = crypto::hmac_sha256(root->second, session);
    return crypto::hmac_sha256(session_key, body).substr(0, refresh_mac_bytes);
}

}  // namespace pamoja::identity
