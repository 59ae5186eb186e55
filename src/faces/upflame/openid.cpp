#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "openid/authorize_endpoint.hpp"
#include "openid/logout.hpp"
#include "openid/metadata.hpp"
#include "openid/token_endpoint.hpp"

namespace pamoja::faces::upflame {
namespace {

// The protocol has its own forms of answers, so everything here is a download: neither envelope nor JSON of
// ours.
Download download_of(http::Response made) {
    return {std::move(made.content_type), std::move(made.body), std::move(made.headers), made.status};
}

using Endpoint = http::Response (*)(const openid::Provider&, const TenantId&, const http::Request&);

// Endpoints open transactions of their own, hash passwords and sign, so they run in the slow half.
template <Endpoint endpoint>
Download ask_provider(Outside& outside) {
    return download_of(endpoint(*services_of(outside).openid, outside.tenant(), outside.request));
}

Download hand_over(Call&, const Download& made) {
    return made;
}

Download show_discovery(Call& call) {
    return download_of(openid::discovery(*services_of(call).openid, call.tx));
}

Download show_keys(Call& call) {
    return download_of(openid::key_set(*services_of(call).openid, call.tx));
}

Route& open(Route& route, const char* name, const char* summary) {
    return route.named(name).summary(summary).of_tenant_in_path().open_to_anyone().bare().addition();
}

void mount_pages(Api& api) {
    open(api.get("/oidc/{tenant}/authorize", ask_provider<openid::authorize>, hand_over), "oidc_authorize",
         "Sign somebody in for an application (OpenID Connect, code flow)")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/authorize", ask_provider<openid::authorize>, hand_over),
         "oidc_authorize_by_form", "The same by a form")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/sign-in", ask_provider<openid::sign_in>, hand_over), "oidc_sign_in",
         "What the sign-in page sends")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/consent", ask_provider<openid::consent>, hand_over), "oidc_consent",
         "What the consent page sends")
        .on(Pool::cpu);
    open(api.get("/oidc/{tenant}/end-session", ask_provider<openid::end_session>, hand_over),
         "oidc_end_session", "Sign somebody out for an application");
    open(api.post("/oidc/{tenant}/end-session", ask_provider<openid::end_session>, hand_over),
         "oidc_end_session_by_form", "The same by a form");
    open(api.post("/oidc/{tenant}/sign-out", ask_provider<openid::confirm_end_session>, hand_over),
         "oidc_sign_out", "What the sign-out page sends");
}

void mount_endpoints(Api& api) {
    open(api.get("/oidc/{tenant}/.well-known/openid-configuration", show_discovery), "oidc_discovery",
         "What the tenant's OpenID provider can do");
    open(api.get("/oidc/{tenant}/jwks", show_keys), "oidc_keys", "The public keys of its ID tokens");
    open(api.post("/oidc/{tenant}/token", ask_provider<openid::token>, hand_over), "oidc_token",
         "Get tokens for a code, a refresh token, or the application itself")
        .on(Pool::cpu);
    open(api.get("/oidc/{tenant}/userinfo", ask_provider<openid::userinfo>, hand_over), "oidc_userinfo",
         "Who an access token is about");
    open(api.post("/oidc/{tenant}/userinfo", ask_provider<openid::userinfo>, hand_over),
         "oidc_userinfo_by_form", "The same, with the token in the header or in a form");
    open(api.post("/oidc/{tenant}/introspect", ask_provider<openid::introspect>, hand_over),
         "oidc_introspect", "What a token is worth (RFC 7662)");
    open(api.post("/oidc/{tenant}/revoke", ask_provider<openid::revoke>, hand_over), "oidc_revoke",
         "End what a token stands for (RFC 7009)");
}

}  // namespace

void mount_openid(Api& api) {
    api.section("OpenID Connect");
    mount_endpoints(api);
    mount_pages(api);
}

}  // namespace pamoja::faces::upflame
