#include "faces/shared/trail.hpp"
#include "faces/upflame/face.hpp"
#include "faces/upflame/mfa.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "identity/passwords.hpp"
#include "identity/refreshing.hpp"
#include "identity/second_step.hpp"

namespace pamoja::faces::upflame {
namespace {

constexpr std::string_view face_name = "upflame";

struct LoginRequest {
    std::string email;
    std::string password;
    std::optional<std::string> mfa_code;
    std::optional<std::string> mfa_attempt;
    std::optional<identity::MfaType> mfa_method;

    void describe(Fields& f) {
        f("email", email).email();
        f("password", password).length(1, 1000).secret();
        f("mfa_code", mfa_code).length(0, 20).secret().doc("of an app, as it was sent, or a recovery code");
        f("mfa_attempt", mfa_attempt)
            .length(0, 40)
            .doc("as details.mfa_attempt named it with a code that was sent");
        f("mfa_method", mfa_method).doc("by which of several methods a code is to be sent");
    }
};

identity::Device device_of(std::string_view address, std::string_view user_agent) {
    return {.ip_address = std::string(address), .user_agent = std::string(user_agent.substr(0, 300))};
}

identity::LoginFacts check_credentials(Outside& outside, const LoginRequest& request) {
    auto& database = outside.services.database;
    const auto device = device_of(outside.remote_address, outside.user_agent);
    auto facts = identity::check_login(database, outside.tenant(), request.email, request.password,
                                       outside.services.random, device);
    const identity::SecondStep step{request.mfa_code.value_or(""), request.mfa_attempt.value_or(""),
                                    request.mfa_method};
    const auto send = [&](Tx& tx, const identity::CodeToSend& code) {
        send_mfa_code(tx, services_of(outside), code);
    };
    identity::check_second_step(database, outside.tenant(), facts, step, device, mfa_book(outside.services),
                                send);
    return facts;
}

TokensView log_in(Call& call, const LoginRequest&, const identity::LoginFacts& facts) {
    const auto& tokens = call.services.tokens;
    const auto session =
        identity::finish_login(call.tx, facts, device_of(call.remote_address, call.user_agent),
                               tokens.face(face_name).refresh_lifetime);
    const auto access =
        tokens.issue_access_token(face_name, call.tx.tenant(), session, call.tx.now(), call.services.random);
    note(call, facts.user_id, "login.accept", "user:" + facts.user_id.text());
    return {.access_token = access.text,
            .expires_in = access.expires_in,
            .refresh_token = tokens.refresh_token(face_name, call.tx.tenant(), session)};
}

MessageView log_out(Call& call) {
    const auto& actor = call.actor();
    identity::end_session(call.tx, actor.user_id, actor.session_id);
    note(call, actor.user_id, "logout", "user:" + actor.user_id.text());
    return {"Successfully logged out"};
}

struct MeView {
    identity::Person person;
    TenantId tenant_id;
    bool mfa_enabled = false;
    std::vector<std::string> roles;

    void describe(Fields& f) {
        f("id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("tenant_id", tenant_id);
        f("status", person.status);
        f("mfa_enabled", mfa_enabled);
        f("roles", roles);
    }
};

MeView show_me(Call& call) {
    const auto& actor = call.actor();
    return {identity::person_of(call.tx, actor.user_id), call.tx.tenant(),
            identity::has_second_factor(call.tx, actor.user_id), actor.roles};
}

}  // namespace

void mount_auth(Api& api) {
    api.section("Auth");
    api.post("/auth/login", check_credentials, log_in)
        .named("user_login")
        .summary("Sign in, with a second factor where the user has one")
        .open_to_anyone()
        .on(Pool::cpu);
    api.post("/auth/logout", log_out).named("user_logout").summary("End this session");
    api.get("/auth/me", show_me).named("me_show").summary("Who is signed in");
}

}  // namespace pamoja::faces::upflame
