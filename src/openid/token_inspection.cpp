// The endpoints that look at a token or end it.
#include "identity/refreshing.hpp"
#include "identity/tenants.hpp"
#include "openid/answers.hpp"
#include "openid/client_credentials.hpp"
#include "openid/person_claims.hpp"
#include "openid/refusals.hpp"
#include "openid/scopes.hpp"
#include "openid/token_endpoint.hpp"
#include "openid/tokens.hpp"
#include "openid/visit.hpp"

namespace pamoja::openid {
namespace {

// The live grant that a token of either kind belongs to.
struct FoundToken {
    Grant grant;
    std::optional<crypto::Claims> claims;  // of an access token
};

std::optional<FoundToken> find_token(const Provider& provider, Tx& tx, std::string_view text) {
    if (auto access = read_access_token(provider, tx, text)) {
        return FoundToken{std::move(access->grant), std::move(access->claims)};
    }
    const auto refresh = provider.tokens.read_refresh_token(provider.config.refresh_face, text);
    if (!refresh || refresh->tenant != tx.tenant()) return std::nullopt;
    auto grant = live_grant(tx, GrantId(refresh->session_id.text()));
    const auto session = identity::live_session(tx, refresh->session_id);
    // One step behind still works, as in identity::refresh.
    const auto behind = session ? session->refresh_counter - refresh->counter : -1;
    if (!grant || behind < 0 || behind > 1) return std::nullopt;
    return FoundToken{std::move(*grant), std::nullopt};
}

std::string token_of(const http::Query& form) {
    const auto found = form.find("token");
    require(found && !found->empty(), invalid_request, "token is missing.");
    return std::string(*found);
}

void write_active(json::Writer& writer, Tx& tx, const Provider& provider, const FoundToken& found) {
    const Grant& grant = found.grant;
    writer.member("active", true);
    writer.member("iss", provider.issuer_of(tx.tenant()));
    writer.member("client_id", grant.client_id.text());
    writer.member("scope", joined(grant.scopes));
    writer.member("sub", grant.user_id ? grant.user_id->text() : grant.client_id.text());
    if (grant.user_id) writer.member("username", identity::person_of(tx, *grant.user_id).email);
    if (grant.browser_session_id) writer.member("sid", grant.browser_session_id->text());
    if (!found.claims) {
        writer.member("exp", grant.expires_at.seconds());
        return;
    }
    writer.member("token_type", "Bearer");
    writer.member("aud", found.claims->audience);
    writer.member("jti", found.claims->id);
    writer.member("iat", found.claims->issued_at.seconds());
    writer.member("exp", found.claims->expires_at.seconds());
}

std::string bearer_token(const http::Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const auto header = request.header("Authorization");
    const bool is_bearer = header.size() > scheme.size() &&
                           std::ranges::equal(header.substr(0, scheme.size()), scheme, [](char a, char b) {
                               return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                           });
    if (is_bearer) return std::string(header.substr(scheme.size()));
    if (request.method != "POST") return {};
    // RFC 6750 2.2: in the form.
    const auto form = http::Query::parse(request.body);
    const auto found = form.find("access_token");
    return found ? std::string(*found) : std::string();
}

std::string person_of_token(const Provider& provider, Tx& tx, const std::string& token) {
    const auto found = read_access_token(provider, tx, token);
    require(found && found->grant.user_id && identity::is_tenant_active(tx), invalid_token,
            "The access token is invalid or has expired.");
    const Grant& grant = found->grant;
    require(contains(grant.scopes, scope_openid), insufficient_scope, "This needs the scope openid.");
    auto claims = claims_of_scopes(grant.scopes);
    claims.insert(claims.end(), grant.userinfo_claims.begin(), grant.userinfo_claims.end());
    json::Writer writer;
    writer.begin_object();
    writer.member("sub", grant.user_id->text());
    write_claims(writer, identity::person_of(tx, *grant.user_id), claims);
    writer.end_object();
    return writer.take();
}

}  // namespace

http::Response revoke(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_client([&] {
        const auto form = http::Query::parse(request.body);
        const auto credentials = credentials_in(request, form);
        provider.database.write(tenant, [&](Tx& tx) {
            const auto client = require_client(tx, provider.keyring, credentials);
            const auto found = find_token(provider, tx, token_of(form));
            // RFC 7009 2.2: what is not valid is as good as revoked.
            if (!found) return;
            require(found->grant.client_id == client.id, invalid_request, "The token is another client's.");
            end_grant(tx, found->grant);
        });
        return json_answer("{}");
    });
}

http::Response introspect(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_client([&] {
        const auto form = http::Query::parse(request.body);
        const auto credentials = credentials_in(request, form);
        auto body = provider.database.read(tenant, [&](Tx& tx) {
            const auto client = require_client(tx, provider.keyring, credentials);
            require(client.type == ClientType::confidential, invalid_client,
                    "Only a confidential client may ask what a token is worth.");
            const auto found = find_token(provider, tx, token_of(form));
            const bool is_told = found && identity::is_tenant_active(tx) &&
                                 (found->claims || found->grant.client_id == client.id);
            json::Writer writer;
            writer.begin_object();
            if (is_told) {
                write_active(writer, tx, provider, *found);
            } else {
                writer.member("active", false);
            }
            writer.end_object();
            return writer.take();
        });
        return json_answer(std::move(body));
    });
}

http::Response userinfo(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_client([&] {
        const auto token = bearer_token(request);
        require(!token.empty(), invalid_token, "The access token is missing.");
        return json_answer(
            provider.database.read(tenant, [&](Tx& tx) { return person_of_token(provider, tx, token); }));
    });
}

}  // namespace pamoja::openid
