#include "openid/metadata.hpp"

#include "identity/tenants.hpp"
#include "openid/answers.hpp"
#include "openid/clients.hpp"
#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

// Well below the time that a key is published before it signs.
constexpr const char* cached_for = "public, max-age=3600";

template <class List>
void write_list(json::Writer& writer, const char* name, const List& words) {
    writer.name(name);
    writer.begin_array();
    for (const auto& word : words) writer.string(word);
    writer.end_array();
}

http::Response cacheable(std::string body) {
    return {200,
            "application/json",
            {{"Cache-Control", cached_for}, {"Access-Control-Allow-Origin", "*"}},
            std::move(body)};
}

std::vector<std::string> scopes_supported() {
    std::vector<std::string> scopes(usual_scopes.begin(), usual_scopes.end());
    scopes.emplace_back(scope_api);
    return scopes;
}

std::vector<std::string> claims_supported() {
    std::vector<std::string> claims{"sub", "iss",   "aud", "exp", "iat",    "auth_time",
                                    "sid", "nonce", "acr", "amr", "at_hash"};
    claims.insert(claims.end(), known_claims().begin(), known_claims().end());
    return claims;
}

void write_endpoints(json::Writer& writer, const std::string& issuer) {
    writer.member("issuer", issuer);
    writer.member("authorization_endpoint", issuer + "/authorize");
    writer.member("token_endpoint", issuer + "/token");
    writer.member("userinfo_endpoint", issuer + "/userinfo");
    writer.member("jwks_uri", issuer + "/jwks");
    writer.member("introspection_endpoint", issuer + "/introspect");
    writer.member("revocation_endpoint", issuer + "/revoke");
    writer.member("end_session_endpoint", issuer + "/end-session");
}

using Words = std::vector<std::string>;

void write_abilities(json::Writer& writer) {
    const Words secrets{"client_secret_basic", "client_secret_post"};
    const Words all_ways{"client_secret_basic", "client_secret_post", "none"};
    write_list(writer, "scopes_supported", scopes_supported());
    write_list(writer, "response_types_supported", Words{"code"});
    write_list(writer, "response_modes_supported", Words{"query"});
    write_list(writer, "grant_types_supported", names(GrantType{}));
    write_list(writer, "subject_types_supported", Words{"public"});
    write_list(writer, "id_token_signing_alg_values_supported", Words{"RS256"});
    write_list(writer, "token_endpoint_auth_methods_supported", all_ways);
    write_list(writer, "revocation_endpoint_auth_methods_supported", all_ways);
    write_list(writer, "introspection_endpoint_auth_methods_supported", secrets);
    write_list(writer, "code_challenge_methods_supported", Words{"S256"});
    write_list(writer, "prompt_values_supported", Words{"none", "login", "consent", "select_account"});
    write_list(writer, "acr_values_supported", Words{"urn:pamoja:password", "urn:pamoja:two-factors"});
    write_list(writer, "claim_types_supported", Words{"normal"});
    write_list(writer, "claims_supported", claims_supported());
    writer.member("claims_parameter_supported", true);
    writer.member("request_parameter_supported", false);
    writer.member("request_uri_parameter_supported", false);
    writer.member("authorization_response_iss_parameter_supported", true);
    writer.member("backchannel_logout_supported", true);
    writer.member("backchannel_logout_session_supported", true);
}

}  // namespace

http::Response discovery(const Provider& provider, Tx& tx) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    require(tenant && tenant->face == provider.config.api_face, not_found,
            "There is nothing at this address.");
    json::Writer writer;
    writer.begin_object();
    write_endpoints(writer, provider.issuer_of(tx.tenant()));
    write_abilities(writer);
    writer.end_object();
    return cacheable(writer.take());
}

http::Response key_set(const Provider& provider, Tx& tx) {
    return cacheable(provider.keys.keys(tx)->jwks());
}

}  // namespace pamoja::openid
