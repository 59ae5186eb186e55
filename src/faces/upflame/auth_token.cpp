#include "faces/upflame/face.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "identity/refreshing.hpp"
#include "openid/clients.hpp"

namespace pamoja::faces::upflame {
namespace {

constexpr std::string_view face_name = "upflame";

enum class Grant { refresh_token };
constexpr std::array<const char*, 1> names(Grant) {
    return {"refresh_token"};
}

struct TokenRequest {
    Grant grant_type = Grant::refresh_token;
    std::string refresh_token;
    std::string client_id;
    std::string client_secret;

    void describe(Fields& f) {
        f("grant_type", grant_type);
        f("refresh_token", refresh_token).length(1, 2000).secret();
        f("client_id", client_id).length(1, 200);
        f.optional("client_secret", client_secret).length(0, 500).secret();
    }
};

// The application of the tenant whose person it is, or one of the platform's own, which serve every tenant.
void require_client(Outside& outside, const TenantId& tenant, const TokenRequest& request) {
    const auto& services = services_of(outside);
    const auto is_known = [&](const TenantId& owner) {
        return services.database.read(owner, [&](Tx& tx) {
            return openid::active_client(tx, openid::ClientId(request.client_id)).has_value();
        });
    };
    const TenantId& owner = is_known(tenant) ? tenant : services.home_tenant;
    services.database.read(owner, [&](Tx& tx) {
        openid::authenticate_client(tx, services.keyring, request.client_id, request.client_secret);
    });
}

identity::Renewal renew_tokens(Outside& outside, const TokenRequest& request) {
    const auto& services = outside.services;
    const auto token = services.tokens.read_refresh_token(face_name, request.refresh_token);
    require(token.has_value(), identity::invalid_refresh_token,
            "The refresh token is invalid or has expired.");
    require_client(outside, token->tenant, request);
    return identity::renew(services.database, services.tokens, face_name, request.refresh_token,
                           services.random);
}

TokensView show_renewed(Call&, const TokenRequest&, const identity::Renewal& renewal) {
    return {.access_token = renewal.access.text,
            .expires_in = renewal.access.expires_in,
            .refresh_token = renewal.refresh};
}

}  // namespace

void mount_token(Api& api) {
    api.section("Auth");
    api.post("/auth/token", renew_tokens, show_renewed)
        .named("token_refresh")
        .summary("Get a new access token; a client that keeps its first refresh token stays signed in")
        .open_to_anyone();
}

}  // namespace pamoja::faces::upflame
