#include "faces/upflame/mfa.hpp"

#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"
#include "identity/passwords.hpp"
#include "identity/qr_code.hpp"
#include "identity/tenants.hpp"

namespace pamoja::faces::upflame {
namespace {

using identity::MfaType;

// As whose code an app shows it: the organization's.
std::string issuer_of(Tx& tx) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    return tenant ? tenant->name : "Upflame";
}

std::string subject_of_actor(const Call& call) {
    return "user:" + call.actor().user_id.text();
}

json::Object trace_of(MfaType type) {
    return {{"type", json::Value(name_of(type))}};
}

struct SetupRequest {
    MfaType type = MfaType::totp;

    void describe(Fields& f) { f("type", type); }
};

struct SetupView {
    MfaType type = MfaType::totp;
    std::optional<std::string> secret;
    std::optional<std::string> qr_code_url;
    std::optional<std::string> sent_to;

    void describe(Fields& f) {
        f("type", type);
        f("secret", secret).omitted_when_absent();
        f("qr_code_url", qr_code_url).omitted_when_absent();
        f("sent_to", sent_to).omitted_when_absent().doc("where the code that verifies the method went");
    }
};

SetupView set_up(Call& call, const SetupRequest& request) {
    const auto& actor = call.actor();
    const auto setup =
        mfa_book(call.services)
            .set_up(call.tx, actor.user_id, request.type, actor.session_id, issuer_of(call.tx));
    note(call, actor.user_id, "mfa.set_up", subject_of_actor(call), trace_of(request.type));
    SetupView view{.type = setup.type, .secret = {}, .qr_code_url = {}, .sent_to = {}};
    if (setup.code) {
        send_mfa_code(call.tx, services_of(call), *setup.code);
        view.sent_to = setup.code->address;
    } else {
        view.secret = setup.secret;
        view.qr_code_url = setup.uri;
    }
    return view;
}

struct VerifyRequest {
    MfaType type = MfaType::totp;
    std::string code;

    void describe(Fields& f) {
        f("type", type);
        f("code", code).length(1, 20).secret();
    }
};

struct VerifyView {
    std::string message = "MFA method verified successfully";
    std::optional<std::vector<std::string>> recovery_codes;

    void describe(Fields& f) {
        f("message", message);
        f("recovery_codes", recovery_codes)
            .omitted_when_absent()
            .doc("with the first method: ten codes that work once each instead of another; shown only here");
    }
};

identity::SecondFactor check_code(Outside& outside, const VerifyRequest& request) {
    const auto& actor = outside.actor();
    return mfa_book(outside.services)
        .check_setup(outside.services.database, outside.tenant(), actor.user_id, actor.session_id,
                     request.type, request.code);
}

VerifyView verify(Call& call, const VerifyRequest& request, const identity::SecondFactor& factor) {
    const auto& user = call.actor().user_id;
    const auto book = mfa_book(call.services);
    const bool is_first = !identity::has_second_factor(call.tx, user);
    book.confirm_setup(call.tx, user, request.type, factor);
    note(call, user, "mfa.verify", subject_of_actor(call), trace_of(request.type));
    VerifyView view;
    if (is_first) view.recovery_codes = book.new_recovery_codes(call.tx, user);
    return view;
}

std::string pending_uri(Call& call) {
    return mfa_book(call.services).pending_uri(call.tx, call.actor().user_id, issuer_of(call.tx));
}

// It shows a secret: nobody on the way may keep it.
Download picture(std::string type, std::string bytes) {
    return {.content_type = std::move(type),
            .bytes = std::move(bytes),
            .headers = {{"Cache-Control", "no-store"}}};
}

Download show_png(Call& call) {
    return picture("image/png", identity::qr_png(pending_uri(call)));
}

Download show_svg(Call& call) {
    return picture("image/svg+xml", identity::qr_svg(pending_uri(call)));
}

struct MethodView {
    identity::MfaMethod method;
    bool is_verified = false;

    explicit MethodView(const identity::MfaMethod& shown) : method(shown), is_verified(shown.is_on()) {}
    MethodView() = default;

    void describe(Fields& f) {
        f("type", method.type);
        f("is_verified", is_verified);
        f("verified_at", method.verified_at);
        f("created_at", method.created_at);
    }
};

struct MfaView {
    bool mfa_enabled = false;
    std::vector<MethodView> methods;
    std::int64_t recovery_codes_left = 0;

    void describe(Fields& f) {
        f("mfa_enabled", mfa_enabled);
        f("methods", methods);
        f("recovery_codes_left", recovery_codes_left);
    }
};

MfaView show(Call& call) {
    const auto& user = call.actor().user_id;
    MfaView view{
        identity::has_second_factor(call.tx, user), {}, identity::recovery_codes_left(call.tx, user)};
    for (const auto& method : identity::mfa_methods_of(call.tx, user)) view.methods.emplace_back(method);
    return view;
}

// What a session that was stolen must not do takes the password as well.
struct PasswordRequest {
    std::string password;

    void describe(Fields& f) { f("password", password).length(1, 1000).secret(); }
};

Nothing check_password(Outside& outside, const PasswordRequest& request) {
    identity::check_own_password(outside.services.database, outside.tenant(), outside.actor().user_id,
                                 request.password);
    return {};
}

struct RecoveryCodesView {
    std::vector<std::string> recovery_codes;

    void describe(Fields& f) { f("recovery_codes", recovery_codes); }
};

RecoveryCodesView renew_recovery_codes(Call& call, const PasswordRequest&, const Nothing&) {
    const auto& user = call.actor().user_id;
    note(call, user, "mfa.renew_recovery_codes", subject_of_actor(call));
    return {mfa_book(call.services).new_recovery_codes(call.tx, user)};
}

MessageView remove(Call& call, const PasswordRequest&, const Nothing&) {
    const auto& user = call.actor().user_id;
    const auto type = value_named<MfaType>(call.path<std::string>());
    require(type.has_value(), not_found, "There is no such method.");
    identity::remove_mfa_method(call.tx, user, *type);
    note(call, user, "mfa.remove", subject_of_actor(call), trace_of(*type));
    return {"MFA method removed successfully"};
}

void mount_additions(Api& api) {
    api.get("/auth/mfa", show)
        .named("mfa_show")
        .summary("Your second factors, and how many recovery codes are left")
        .addition();
    api.get("/auth/mfa/setup/qr-code.png", show_png)
        .named("mfa_qr_png")
        .summary("The QR code of the app that is being set up, as PNG")
        .addition();
    api.get("/auth/mfa/setup/qr-code.svg", show_svg)
        .named("mfa_qr_svg")
        .summary("The QR code of the app that is being set up, as SVG")
        .addition();
    api.post("/auth/mfa/recovery-codes", check_password, renew_recovery_codes)
        .named("mfa_recovery_codes_renew")
        .summary("Ten new recovery codes in place of the old ones")
        .on(Pool::cpu)
        .addition();
    api.post("/auth/mfa/methods/{type}/remove", check_password, remove)
        .named("mfa_method_remove")
        .summary("Do without a second factor from now on")
        .on(Pool::cpu)
        .addition();
}

}  // namespace

void send_mfa_code(Tx& tx, const UpflameServices& services, const identity::CodeToSend& code) {
    const bool is_mail = code.type == MfaType::email;
    services.notifier.notify(
        tx, {.user_id = code.user_id,
             .template_name = "mfa_code",
             .channels = {is_mail ? notifications::Channel::email : notifications::Channel::sms},
             .secrets = {{"code", code.code}},
             .email = is_mail ? code.address : "",
             .phone = is_mail ? "" : code.address});
}

void mount_mfa(Api& api) {
    api.section("Auth");
    api.post("/auth/mfa/setup", set_up).named("mfa_setup").summary("Begin with a second factor");
    api.post("/auth/mfa/verify", check_code, verify)
        .named("mfa_verify")
        .summary("Show that the second factor works: it is asked for from then on");
    mount_additions(api);
}

}  // namespace pamoja::faces::upflame
