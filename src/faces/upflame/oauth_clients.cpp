#include "faces/upflame/face.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "openid/clients.hpp"

namespace pamoja::faces::upflame {
namespace {

struct NewClientRequest {
    openid::NewClient client;

    void describe(Fields& f) {
        f("name", client.name).length(1, 100);
        f.optional("type", client.type);
        f("token_endpoint_auth_method", client.authentication);
        f.optional("redirect_uris", client.redirect_uris).length(0, 20);
        f.optional("post_logout_redirect_uris", client.post_logout_redirect_uris).length(0, 20);
        f("backchannel_logout_uri", client.backchannel_logout_uri);
        f.optional("grant_types", client.grant_types).length(1, 3);
        f.optional("scopes", client.scopes).length(0, 50);
        f.optional("skips_consent", client.skips_consent)
            .doc("for an application of your own: nobody is asked for consent");
    }
};

struct ClientView {
    openid::Client client;
    bool is_active = !client.disabled_at.has_value();

    void describe(Fields& f) {
        f.include(client);
        f("is_active", is_active);
    }
};

struct IssuedClientView {
    ClientView client;
    std::optional<std::string> secret;

    void describe(Fields& f) {
        f.include(client);
        f("client_secret", secret).omitted_when_absent().doc("shown this once");
    }
};

struct RotationRequest {
    std::int64_t overlap_seconds = 0;

    void describe(Fields& f) {
        f.optional("overlap_seconds", overlap_seconds)
            .between(0, 604'800)
            .doc("how long the older secret works beside the new one");
    }
};

IssuedClientView issued(openid::IssuedClient made) {
    std::optional<std::string> secret;
    if (!made.secret.empty()) secret = std::move(made.secret);
    return {{std::move(made.client)}, std::move(secret)};
}

openid::ClientId client_in(const Call& call) {
    return call.path<openid::ClientId>();
}

IssuedClientView create_client(Call& call, const NewClientRequest& request) {
    return issued(
        openid::create_client(call.tx, call.services.keyring, request.client, call.actor().user_id));
}

Listed<ClientView> list_clients(Call& call, const PageQuery& query) {
    return listed<ClientView>(openid::clients_of(call.tx, query.request()));
}

ClientView show_client(Call& call) {
    return {openid::client_of(call.tx, client_in(call))};
}

IssuedClientView rotate_secret(Call& call, const RotationRequest& request) {
    return issued(openid::rotate_client_secret(call.tx, call.services.keyring, client_in(call),
                                               std::chrono::seconds(request.overlap_seconds),
                                               call.actor().user_id));
}

MessageView disable_client(Call& call) {
    openid::disable_client(call.tx, client_in(call), call.actor().user_id);
    return {"Client disabled"};
}

}  // namespace

void mount_oauth_clients(Api& api) {
    api.section("OAuth clients");
    api.post("/oauth/clients", create_client)
        .named("oauth_client_create")
        .summary("Register an application that may sign people in")
        .needs("oauth_client.create")
        .idempotent()
        .created()
        .addition();
    api.get("/oauth/clients", list_clients)
        .named("oauth_client_list")
        .summary("The tenant's applications, newest first")
        .needs("oauth_client.read")
        .addition();
    api.get("/oauth/clients/{client_id}", show_client)
        .named("oauth_client_show")
        .summary("One application")
        .needs("oauth_client.read")
        .addition();
    api.post("/oauth/clients/{client_id}/rotate-secret", rotate_secret)
        .named("oauth_client_rotate_secret")
        .summary("Give an application a new secret, and let the older one work for a while")
        .needs("oauth_client.update")
        .idempotent()
        .addition();
    api.remove("/oauth/clients/{client_id}", disable_client)
        .named("oauth_client_delete")
        .summary("Refuse an application and all that it was given")
        .needs("oauth_client.delete")
        .addition();
}

}  // namespace pamoja::faces::upflame
