#include "faces/flexifinance/auth.hpp"

#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/profile.hpp"
#include "faces/flexifinance/views.hpp"
#include "faces/shared/trail.hpp"
#include "identity/passwords.hpp"
#include "identity/refreshing.hpp"
#include "kyc/kyc.hpp"

namespace pamoja::faces::flexifinance {
namespace {

constexpr std::string_view face_name = "flexifinance";
constexpr Reason email_not_verified{FailureKind::forbidden, "email_not_verified"};

struct RegisterRequest {
    identity::NewPerson person;
    std::string password;

    void describe(Fields& f) {
        f("email", person.email).email();
        f("password", password).length(1, 1000).secret();
        f("first_name", person.first_name).length(1, 100);
        f("last_name", person.last_name).length(1, 100);
        f("phone_number", person.phone).phone();
        f("date_of_birth", person.date_of_birth);
    }
    void check(Reading& reading) const {
        check_name(reading, "first_name", person.first_name);
        check_name(reading, "last_name", person.last_name);
    }
};

struct RegisteredView {
    identity::Person person;
    bool is_verified = person.is_verified();

    void describe(Fields& f) {
        f("user_id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("phone_number", person.phone);
        f("is_verified", is_verified);
        f("created_at", person.created_at);
    }
};

std::vector<std::string> personal_words(const RegisterRequest& request) {
    identity::Person person;
    person.email = identity::normalize_email(request.person.email);
    person.phone = request.person.phone;
    person.first_name = request.person.first_name;
    person.last_name = request.person.last_name;
    return identity::personal_words(person);
}

identity::PreparedPassword prepare_registration(Outside& outside, const RegisterRequest& request) {
    if (request.person.date_of_birth) {
        outside.read([&](Tx& tx) { require_adult(tx, *request.person.date_of_birth); });
    }
    return identity::prepare_password(request.password, personal_words(request), outside.services.random);
}

RegisteredView register_user(Call& call, const RegisterRequest& request,
                             const identity::PreparedPassword& password) {
    auto wanted = request.person;
    wanted.roles = {std::string(access::borrower)};
    const auto person = identity::register_person(call.tx, wanted);
    identity::set_password(call.tx, person.id, password);
    send_verification(call, person);
    note(call, person.id, "user.register", "user:" + person.id.text());
    return {person};
}

struct LoginRequest {
    std::string email;
    std::string password;

    void describe(Fields& f) {
        f("email", email).email();
        f("password", password).length(1, 1000).secret();
    }
};

struct SignedInUser {
    identity::Person person;
    kyc::Status kyc_status = kyc::Status::pending;
    bool is_verified = person.is_verified();

    void describe(Fields& f) {
        f("user_id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("is_verified", is_verified);
        f("kyc_status", kyc_status);
    }
};

struct TokensView {
    std::string access_token;
    std::string refresh_token;
    std::string token_type = "Bearer";
    std::int64_t expires_in = 0;

    void describe(Fields& f) {
        f("access_token", access_token);
        f("refresh_token", refresh_token);
        f("token_type", token_type);
        f("expires_in", expires_in);
    }
};

struct LoginView {
    TokensView tokens;
    SignedInUser user;

    void describe(Fields& f) {
        f.include(tokens);
        f("user", user);
    }
};

identity::Device device_of(std::string_view address, std::string_view user_agent) {
    return {.ip_address = std::string(address), .user_agent = std::string(user_agent.substr(0, 300))};
}

identity::LoginFacts check_credentials(Outside& outside, const LoginRequest& request) {
    return identity::check_login(outside.services.database, outside.tenant(), request.email, request.password,
                                 outside.services.random,
                                 device_of(outside.remote_address, outside.user_agent));
}

LoginView log_in(Call& call, const LoginRequest&, const identity::LoginFacts& facts) {
    const auto& services = services_of(call);
    const auto person = identity::person_of(call.tx, facts.user_id);
    require(person.is_verified() || !services.login_requires_verified_email, email_not_verified,
            "Please verify your email address before you log in.");
    const auto session =
        identity::finish_login(call.tx, facts, device_of(call.remote_address, call.user_agent),
                               services.tokens.face(face_name).refresh_lifetime);
    const auto access = services.tokens.issue_access_token(face_name, call.tx.tenant(), session,
                                                           call.tx.now(), services.random);
    note(call, person.id, "login.accept", "user:" + person.id.text());
    return {.tokens = {.access_token = access.text,
                       .refresh_token = services.tokens.refresh_token(face_name, call.tx.tenant(), session),
                       .expires_in = access.expires_in},
            .user = {person, kyc::file_of(call.tx, person.id).status}};
}

struct RefreshRequest {
    std::string refresh_token;

    void describe(Fields& f) { f("refresh_token", refresh_token).length(1, 2000).secret(); }
};

identity::Renewal renew_tokens(Outside& outside, const RefreshRequest& request) {
    const auto& services = outside.services;
    return identity::renew(services.database, services.tokens, face_name, request.refresh_token,
                           services.random);
}

TokensView refresh_tokens(Call&, const RefreshRequest&, const identity::Renewal& renewal) {
    return {.access_token = renewal.access.text,
            .refresh_token = renewal.refresh,
            .expires_in = renewal.access.expires_in};
}

Nothing log_out(Call& call) {
    const auto& actor = call.actor();
    identity::end_session(call.tx, actor.user_id, actor.session_id);
    note(call, actor.user_id, "logout", "user:" + actor.user_id.text());
    return {};
}

}  // namespace

void mount_auth(Api& api) {
    api.section("Authentication");
    api.post("/auth/register/", prepare_registration, register_user)
        .named("user_register")
        .summary("Open an account")
        .open_to_anyone()
        .limited_by(limit_auth)
        .on(Pool::cpu)
        .idempotent()
        .created()
        .says("User registered successfully. Please verify your email.");
    api.post("/auth/login/", check_credentials, log_in)
        .named("user_login")
        .summary("Sign in")
        .open_to_anyone()
        .limited_by(limit_auth)
        .on(Pool::cpu)
        .says("Login successful");
    api.post("/auth/refresh/", renew_tokens, refresh_tokens)
        .named("token_refresh")
        .summary("Get a new access token; the refresh token is replaced as well")
        .open_to_anyone()
        .limited_by(limit_auth)
        .says("Token refreshed successfully");
    api.post("/auth/logout/", log_out)
        .named("user_logout")
        .summary("End this session")
        .limited_by(limit_auth)
        .says("Logout successful");
    mount_account_recovery(api);
}

}  // namespace pamoja::faces::flexifinance
