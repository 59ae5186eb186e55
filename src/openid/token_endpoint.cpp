#include "openid/token_endpoint.hpp"

#include "identity/refreshing.hpp"
#include "identity/tenants.hpp"
#include "openid/answers.hpp"
#include "openid/client_credentials.hpp"
#include "openid/refusals.hpp"
#include "openid/scopes.hpp"
#include "openid/tokens.hpp"
#include "openid/visit.hpp"

namespace pamoja::openid {
namespace {

std::string text_of(const http::Query& form, std::string_view name) {
    const auto found = form.find(name);
    return found ? std::string(*found) : std::string();
}

// What a grant comes to, still to be signed outside of the transaction.
struct Given {
    Grant grant;
    std::optional<identity::Session> session;  // where there is a refresh token
    std::optional<identity::Person> person;    // where there is an ID token
    std::string nonce{};
    std::shared_ptr<const crypto::SigningKeys> keys;
    Timestamp now;
};

// One request at the token endpoint.
struct TokenRequest {
    const Provider& provider;
    TenantId tenant;
    ClientCredentials credentials;
    http::Query form;
    identity::Device device;
};

Client client_of_request(Tx& tx, const TokenRequest& request, GrantType type) {
    identity::require_tenant_is_active(tx);
    auto client = require_client(tx, request.provider.keyring, request.credentials);
    require(client.may(type), unauthorized_client, "This client may not use this grant type.");
    return client;
}

std::chrono::seconds refresh_lifetime(const Provider& provider) {
    return provider.tokens.face(provider.config.refresh_face).refresh_lifetime;
}

Given given(Tx& tx, const Provider& provider, Grant grant) {
    Given result{.grant = std::move(grant),
                 .session = std::nullopt,
                 .person = std::nullopt,
                 .keys = provider.keys.keys(tx),
                 .now = tx.now()};
    if (result.grant.user_id && contains(result.grant.scopes, scope_openid)) {
        result.person = identity::person_of(tx, *result.grant.user_id);
    }
    return result;
}

// Empty when the code is refused; committed all the same, since the second use of a code ends its grant.
std::optional<Given> give_for_code(Tx& tx, const TokenRequest& request) {
    const auto client = client_of_request(tx, request, GrantType::authorization_code);
    auto made = use_code(tx, client,
                         {.code = text_of(request.form, "code"),
                          .redirect_uri = text_of(request.form, "redirect_uri"),
                          .code_verifier = text_of(request.form, "code_verifier")},
                         request.device, refresh_lifetime(request.provider));
    if (!made) return std::nullopt;
    auto result = given(tx, request.provider, std::move(made->grant));
    result.nonce = std::move(made->nonce);
    if (client.may(GrantType::refresh_token)) result.session = std::move(made->session);
    return result;
}

// RFC 6749 6: a refresh may ask for less than was given, never for more.
void narrow(Grant& grant, const std::string& wanted) {
    if (wanted.empty()) return;
    const auto scopes = words_of(wanted);
    require(contains_all(grant.scopes, scopes), invalid_scope, "This scope was not given.");
    grant.scopes = scopes;
}

// Empty when the token is refused; committed all the same, since reuse ends the session.
std::optional<Given> give_for_refresh(Tx& tx, const TokenRequest& request) {
    const auto& provider = request.provider;
    const auto client = client_of_request(tx, request, GrantType::refresh_token);
    const auto token = provider.tokens.read_refresh_token(provider.config.refresh_face,
                                                          text_of(request.form, "refresh_token"));
    if (!token || token->tenant != tx.tenant()) return std::nullopt;
    auto grant = live_grant(tx, GrantId(token->session_id.text()));
    // A stolen token is worth nothing to another client, and its attempt does no harm to the rightful one.
    if (!grant || grant->client_id != client.id) return std::nullopt;
    narrow(*grant, text_of(request.form, "scope"));
    auto refreshed = identity::refresh(tx, *token, refresh_lifetime(provider));
    const bool is_refreshed = refreshed.result == identity::RefreshResult::renewed ||
                              refreshed.result == identity::RefreshResult::repeated;
    if (!is_refreshed) return std::nullopt;
    prolong_grant(tx, *grant, refreshed.session.expires_at);
    auto result = given(tx, provider, std::move(*grant));
    result.session = std::move(refreshed.session);
    return result;
}

Given give_to_client(Tx& tx, const TokenRequest& request) {
    const auto client = client_of_request(tx, request, GrantType::client_credentials);
    require(client.type == ClientType::confidential, unauthorized_client,
            "A public client has no credentials.");
    std::vector<std::string> scopes;
    for (auto& scope : words_of(text_of(request.form, "scope"))) {
        require(client.has_scope(scope), invalid_scope, "This scope is not open to this client.");
        // These are about people, and there is nobody here.
        require(scope != scope_openid && scope != scope_offline, invalid_scope, "This scope needs a person.");
        scopes.push_back(std::move(scope));
    }
    return given(tx, request.provider, grant_to_client(tx, client, scopes));
}

http::Response tokens_of(const TokenRequest& request, const Given& given) {
    const auto& provider = request.provider;
    const auto access = sign_access_token(provider, request.tenant, given.grant, given.now);
    json::Writer writer;
    writer.begin_object();
    writer.member("access_token", access);
    writer.member("token_type", "Bearer");
    writer.member("expires_in", access_token_lifetime.count());
    if (given.session) {
        writer.member("refresh_token", provider.tokens.refresh_token(provider.config.refresh_face,
                                                                     request.tenant, *given.session));
    }
    if (given.person) {
        writer.member("id_token", sign_id_token(provider, *given.keys, request.tenant,
                                                {.grant = given.grant,
                                                 .person = *given.person,
                                                 .access_token = access,
                                                 .nonce = given.nonce,
                                                 .now = given.now}));
    }
    writer.member("scope", joined(given.grant.scopes));
    writer.end_object();
    return json_answer(writer.take());
}

std::optional<Given> give(const TokenRequest& request, const std::string& type) {
    return request.provider.database.write(request.tenant, [&](Tx& tx) -> std::optional<Given> {
        if (type == "authorization_code") return give_for_code(tx, request);
        if (type == "refresh_token") return give_for_refresh(tx, request);
        return give_to_client(tx, request);
    });
}

}  // namespace

http::Response token(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_client([&] {
        auto form = http::Query::parse(request.body);
        require(!form.repeated_name(), invalid_request, "A parameter is given more than once.");
        const auto type = text_of(form, "grant_type");
        require(!type.empty(), invalid_request, "grant_type is missing.");
        require(value_named<GrantType>(type).has_value(), unsupported_grant_type,
                "This grant type is not supported.");
        const TokenRequest asked{.provider = provider,
                                 .tenant = tenant,
                                 .credentials = credentials_in(request, form),
                                 .form = std::move(form),
                                 .device = visit_of(provider, tenant, request).device};
        const auto given = give(asked, type);
        require(given.has_value(), invalid_grant, "The code or token is wrong, used, or has expired.");
        return tokens_of(asked, *given);
    });
}

}  // namespace pamoja::openid
