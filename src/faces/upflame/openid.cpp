#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "openid/authorize_endpoint.hpp"
#include "openid/logout.hpp"
#include "openid/metadata.hpp"
#include "openid/token_endpoint.hpp"

namespace pamoja::faces {
namespace upflame {
namespace {

// An object in the protocol's own form, with headers of its own.
struct ProtocolAnswer {
    Download sent;
};

Answer render(const ProtocolAnswer& answer, const WireStyle& style) {
    return faces::render(answer.sent, style);
}

}  // namespace
}  // namespace upflame

template <>
struct SchemaOf<upflame::ProtocolAnswer> {
    static void write(json::Writer& writer, const WireStyle&) { writer.raw(R"({"type":"object"})"); }
};

}  // namespace pamoja::faces

namespace pamoja::faces::upflame {
namespace {

Download download_of(http::Response made) {
    return {std::move(made.content_type), std::move(made.body), std::move(made.headers), made.status};
}

using Endpoint = http::Response (*)(const openid::Provider&, const TenantId&, const http::Request&);

// Endpoints open transactions of their own, hash passwords and sign, so they run in the slow half.
template <Endpoint endpoint>
Download ask_provider(Outside& outside) {
    return download_of(endpoint(*services_of(outside).openid, outside.tenant(), outside.request));
}

Download show_page(Call&, const Download& made) {
    return made;
}

ProtocolAnswer answer_client(Call&, const Download& made) {
    return {made};
}

ProtocolAnswer show_discovery(Call& call) {
    return {download_of(openid::discovery(*services_of(call).openid, call.tx))};
}

ProtocolAnswer show_keys(Call& call) {
    return {download_of(openid::key_set(*services_of(call).openid, call.tx))};
}

Route& open(Route& route, const char* name, const char* summary) {
    return route.named(name).summary(summary).of_tenant_in_path().open_to_anyone().bare().addition();
}

void mount_pages(Api& api) {
    open(api.get("/oidc/{tenant}/authorize", ask_provider<openid::authorize>, show_page), "oidc_authorize",
         "Sign somebody in for an application (OpenID Connect, code flow)")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/authorize", ask_provider<openid::authorize>, show_page),
         "oidc_authorize_by_form", "The same by a form")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/sign-in", ask_provider<openid::sign_in>, show_page), "oidc_sign_in",
         "What the sign-in page sends")
        .on(Pool::cpu);
    open(api.post("/oidc/{tenant}/consent", ask_provider<openid::consent>, show_page), "oidc_consent",
         "What the consent page sends")
        .on(Pool::cpu);
    open(api.get("/oidc/{tenant}/end-session", ask_provider<openid::end_session>, show_page),
         "oidc_end_session", "Sign somebody out for an application");
    open(api.post("/oidc/{tenant}/end-session", ask_provider<openid::end_session>, show_page),
         "oidc_end_session_by_form", "The same by a form");
    open(api.post("/oidc/{tenant}/sign-out", ask_provider<openid::confirm_end_session>, show_page),
         "oidc_sign_out", "What the sign-out page sends");
}

void mount_endpoints(Api& api) {
    open(api.get("/oidc/{tenant}/.well-known/openid-configuration", show_discovery), "oidc_discovery",
         "What the tenant's OpenID provider can do");
    open(api.get("/oidc/{tenant}/jwks", show_keys), "oidc_keys", "The public keys of its ID tokens");
    open(api.post("/oidc/{tenant}/token", ask_provider<openid::token>, answer_client), "oidc_token",
         "Get tokens for a code, a refresh token, or the application itself")
        .on(Pool::cpu);
    open(api.get("/oidc/{tenant}/userinfo", ask_provider<openid::userinfo>, answer_client), "oidc_userinfo",
         "Who an access token is about");
    open(api.post("/oidc/{tenant}/userinfo", ask_provider<openid::userinfo>, answer_client),
         "oidc_userinfo_by_form", "The same, with the token in the header or in a form");
    open(api.post("/oidc/{tenant}/introspect", ask_provider<openid::introspect>, answer_client),
         "oidc_introspect", "What a token is worth (RFC 7662)");
    open(api.post("/oidc/{tenant}/revoke", ask_provider<openid::revoke>, answer_client), "oidc_revoke",
         "End what a token stands for (RFC 7009)");
}

}  // namespace

void mount_openid(Api& api) {
    api.section("OpenID Connect");
    mount_endpoints(api);
    mount_pages(api);
}

}  // namespace pamoja::faces::upflame
