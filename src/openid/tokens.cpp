#include "openid/tokens.hpp"

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "crypto/token.hpp"
#include "openid/person_claims.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

constexpr const char* type_of_api = "access";
constexpr const char* type_of_userinfo = "openid";
constexpr const char* type_of_client = "client";
constexpr std::size_t token_id_bytes = 16;
constexpr std::size_t access_hash_bytes = 16;  // the left half of a SHA-256
constexpr std::chrono::seconds logout_token_lifetime{120};

const char* type_of(const Grant& grant) {
    if (!grant.user_id) return type_of_client;
    return contains(grant.scopes, scope_api) ? type_of_api : type_of_userinfo;
}

void write_methods(json::Writer& writer, const std::string& methods) {
    // Two factors are a class of their own, so that a client can insist on them.
    const auto words = words_of(methods);
    writer.member("acr", contains(words, "mfa") ? "urn:pamoja:two-factors" : "urn:pamoja:password");
    writer.name("amr");
    writer.begin_array();
    for (const auto& word : words) writer.string(word);
    writer.end_array();
}

std::optional<json::Value> parsed(const std::optional<std::string>& payload) {
    if (!payload) return std::nullopt;
    return json::parse(*payload);
}

std::string text_at(const json::Value& claims, std::string_view name) {
    const json::Value* found = claims.find(name);
    return found == nullptr ? std::string() : found->text_or_empty();
}

// Of a token whose signature has been verified.
std::string scope_in(std::string_view token) {
    const auto begin = token.find('.') + 1;
    const auto claims = parsed(crypto::from_base64url(token.substr(begin, token.rfind('.') - begin)));
    return claims ? text_at(*claims, "scope") : std::string();
}

}  // namespace

std::string sign_access_token(const Provider& provider, const TenantId& tenant, const Grant& grant,
                              Timestamp now) {
    json::Writer writer;
    writer.begin_object();
    writer.member("iss", provider.tokens.face(provider.config.api_face).issuer);
    writer.member("aud", provider.config.api_face);
    writer.member("sub", grant.user_id ? grant.user_id->text() : grant.client_id.text());
    writer.member("sid", grant.id.text());
    writer.member("tenant", tenant.text());
    writer.member("type", type_of(grant));
    writer.member("jti", provider.random.hex(token_id_bytes));
    writer.member("iat", now.seconds());
    writer.member("exp", now.plus(access_token_lifetime).seconds());
    writer.member("client_id", grant.client_id.text());
    writer.member("scope", joined(grant.scopes));
    writer.end_object();
    return crypto::sign_jws(provider.tokens.keys(), writer.text());
}

std::optional<AccessTokenFacts> read_access_token(const Provider& provider, Tx& tx, std::string_view text) {
    const auto& face = provider.config.api_face;
    auto claims = provider.tokens.read_access_token(face, text, tx.now());
    for (const char* type : {type_of_userinfo, type_of_client}) {
        if (claims) break;
        claims = crypto::verify_token(
            provider.tokens.keys(), text,
            {.issuer = provider.tokens.face(face).issuer, .audience = face, .type = type, .now = tx.now()});
    }
    if (!claims || claims->tenant != tx.tenant().text()) return std::nullopt;
    auto grant = live_grant(tx, GrantId(claims->session_id));
    if (!grant) return std::nullopt;
    // A refresh may have asked for less than the grant holds.
    grant->scopes = words_of(scope_in(text));
    return AccessTokenFacts{std::move(*grant), std::move(*claims)};
}

std::string sign_id_token(const Provider& provider, const crypto::SigningKeys& keys, const TenantId& tenant,
                          const IdToken& token) {
    const Grant& grant = token.grant;
    json::Writer writer;
    writer.begin_object();
    writer.member("iss", provider.issuer_of(tenant));
    writer.member("sub", token.person.id.text());
    writer.member("aud", grant.client_id.text());
    writer.member("exp", token.now.plus(id_token_lifetime).seconds());
    writer.member("iat", token.now.seconds());
    if (grant.authenticated_at) writer.member("auth_time", grant.authenticated_at->seconds());
    if (!token.nonce.empty()) writer.member("nonce", token.nonce);
    writer.member("at_hash",
                  crypto::to_base64url(crypto::sha256(token.access_token).substr(0, access_hash_bytes)));
    if (grant.browser_session_id) writer.member("sid", grant.browser_session_id->text());
    write_methods(writer, grant.methods);
    write_claims(writer, token.person, grant.id_token_claims);
    writer.end_object();
    return crypto::sign_jws(keys, writer.text());
}

std::optional<IdTokenHint> read_id_token_hint(const Provider& provider, const crypto::SigningKeys& keys,
                                              const TenantId& tenant, std::string_view text) {
    const auto claims = parsed(crypto::verify_jws(keys, text));
    if (!claims || text_at(*claims, "iss") != provider.issuer_of(tenant)) return std::nullopt;
    return IdTokenHint{.subject = text_at(*claims, "sub"),
                       .client_id = ClientId(text_at(*claims, "aud")),
                       .session_id = BrowserSessionId(text_at(*claims, "sid"))};
}

std::string sign_logout_token(const Provider& provider, const crypto::SigningKeys& keys,
                              const TenantId& tenant, const LogoutToken& token) {
    json::Writer writer;
    writer.begin_object();
    writer.member("iss", provider.issuer_of(tenant));
    writer.member("sub", token.user_id);
    writer.member("aud", token.client_id.text());
    writer.member("sid", token.session_id);
    writer.member("iat", token.now.seconds());
    writer.member("exp", token.now.plus(logout_token_lifetime).seconds());
    writer.member("jti", provider.random.hex(token_id_bytes));
    writer.name("events");
    writer.raw(R"({"http://schemas.openid.net/event/backchannel-logout":{}})");
    writer.end_object();
    return crypto::sign_jws(keys, writer.text(), "logout+jwt");
}

}  // namespace pamoja::openid
