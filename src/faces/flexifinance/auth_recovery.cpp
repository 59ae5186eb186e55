#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "faces/flexifinance/auth.hpp"
#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/templates.hpp"
#include "faces/shared/trail.hpp"
#include "identity/attempts.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using notifications::Channel;

// Nobody's mailbox is to be filled through us, whoever asks and from however many addresses.
constexpr identity::AttemptRule reset_letters{"reset_letter", 3, std::chrono::hours(1)};
constexpr identity::AttemptRule verification_letters{"verification_letter", 3, std::chrono::hours(1)};

// What goes out is sealed on its way, and the inbox knows nothing of it.
void send_link(Call& call, const identity::Person& person, std::string_view template_name,
               std::string_view page, const std::string& token) {
    const auto& services = services_of(call);
    auto notice = notice_to(person, template_name, {Channel::email});
    notice.secrets = {{"token", token},
                      {"link", services.public_base_url + std::string(page) + "?token=" + token}};
    services.notifier.notify(call.tx, notice);
}

void tell_of_new_password(Call& call, const identity::Person& person) {
    services_of(call).notifier.notify(call.tx, notice_to(person, "password_changed", {Channel::email}));
}

struct EmailRequest {
    std::string email;

    void describe(Fields& f) { f("email", email).email(); }
};

Nothing forget_password(Call& call, const EmailRequest& request) {
    if (!identity::take_attempt(call.tx, reset_letters, address_subject(request.email))) return {};
    const auto reset = identity::request_password_reset(call.tx, request.email);
    if (reset) send_link(call, reset->person, "reset_password", "/reset-password", reset->token);
    return {};
}

Nothing resend_verification(Call& call, const EmailRequest& request) {
    if (!identity::take_attempt(call.tx, verification_letters, address_subject(request.email))) return {};
    const auto person = identity::person_by_email(call.tx, request.email);
    const bool is_waiting =
        person && person->status == identity::PersonStatus::active && !person->is_verified();
    if (is_waiting) send_verification(call, *person);
    return {};
}

struct ResetRequest {
    std::string token;
    std::string new_password;

    void describe(Fields& f) {
        f("token", token).length(1, 200).secret();
        f("new_password", new_password).length(1, 1000).secret();
    }
};

identity::PasswordReset check_reset(Outside& outside, const ResetRequest& request) {
    return identity::check_password_reset(outside.services.database, outside.tenant(), request.token,
                                          request.new_password, outside.services.random);
}

Nothing reset_password(Call& call, const ResetRequest&, const identity::PasswordReset& reset) {
    tell_of_new_password(call, identity::reset_password(call.tx, reset));
    return {};
}

struct ChangeRequest {
    std::string current_password;
    std::string new_password;

    void describe(Fields& f) {
        f("current_password", current_password).length(1, 1000).secret();
        f("new_password", new_password).length(1, 1000).secret();
    }
};

identity::PasswordChange check_change(Outside& outside, const ChangeRequest& request) {
    return identity::check_password_change(
        outside.services.database, outside.tenant(), outside.actor().user_id,
        {.current = request.current_password, .next = request.new_password}, outside.services.random);
}

Nothing change_password(Call& call, const ChangeRequest&, const identity::PasswordChange& change) {
    identity::change_password(call.tx, change, call.actor().session_id);
    tell_of_new_password(call, identity::person_of(call.tx, change.user_id));
    return {};
}

struct VerifyRequest {
    std::string token;

    void describe(Fields& f) { f("token", token).length(1, 200).secret(); }
};

struct VerifiedView {
    identity::Person person;
    bool is_verified = person.is_verified();

    void describe(Fields& f) {
        f("user_id", person.id);
        f("email", person.email);
        f("is_verified", is_verified);
    }
};

VerifiedView verify_email(Call& call, const VerifyRequest& request) {
    const auto person = identity::verify_email(call.tx, request.token);
    note(call, person.id, "email.verify", "user:" + person.id.text());
    return {person};
}

void mount_passwords(Api& api) {
    api.post("/auth/forgot-password/", forget_password)
        .named("password_forget")
        .summary("Have a link for a new password sent; the answer does not tell whether the account exists")
        .open_to_anyone()
        .limited_by(limit_auth)
        .says("Password reset email sent if account exists");
    api.post("/auth/reset-password/", check_reset, reset_password)
        .named("password_reset")
        .summary("Set a new password with the token of such a link; ends every session")
        .open_to_anyone()
        .limited_by(limit_auth)
        .on(Pool::cpu)
        .says("Password reset successfully");
    api.post("/auth/change-password/", check_change, change_password)
        .named("password_change")
        .summary("Change your password; ends your other sessions")
        .limited_by(limit_auth)
        .on(Pool::cpu)
        .addition()
        .says("Password changed successfully");
}

}  // namespace

void send_verification(Call& call, const identity::Person& person) {
    send_link(call, person, "verify_email", "/verify-email",
              identity::issue_link(call.tx, person, identity::LinkPurpose::verify_email));
}

std::string address_subject(std::string_view email) {
    return to_hex(crypto::sha256(identity::normalize_email(email)));
}

void mount_account_recovery(Api& api) {
    mount_passwords(api);
    api.post("/auth/verify-email/", verify_email)
        .named("email_verify")
        .summary("Verify an email address with the token that was sent there")
        .open_to_anyone()
        .limited_by(limit_auth)
        .addition()
        .says("Email verified successfully");
    api.post("/auth/resend-verification/", resend_verification)
        .named("verification_resend")
        .summary("Have another verification email sent; the answer does not tell whether the account exists")
        .open_to_anyone()
        .limited_by(limit_auth)
        .addition()
        .says("Verification email sent if account exists and is not verified yet");
}

}  // namespace pamoja::faces::flexifinance
