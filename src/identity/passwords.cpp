#include "identity/passwords.hpp"

#include "audit/entries.hpp"
#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "crypto/password_hash.hpp"
#include "identity/internal/common_passwords.hpp"
#include "identity/internal/credential.hpp"
#include "identity/internal/login_attempts.hpp"
#include "identity/one_time_links.hpp"
#include "identity/tenants.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t length_min = 8;
constexpr std::size_t length_max = 128;

// Code points: every character counts once, whatever its bytes.
std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void require_credentials(bool are_right) {
    require(are_right, wrong_credentials, "Invalid email or password.");
}

// The slow comparison. Costs the same whether there is a credential or not.
bool matches(const std::optional<Credential>& credential, std::string_view password) {
    if (credential) return crypto::verify_password(password, credential->password_hash);
    crypto::verify_password_of_nobody(password);
    return false;
}

void count_wrong_password(Tx& tx, const std::string& subject, const UserId& user, const std::string& ip) {
    count_wrong_attempt(tx, login_attempts, subject);
    audit::record(tx, {.actor = user.empty() ? "anonymous" : user.text(),
                       .action = "login.refuse",
                       .subject = "account:" + (user.empty() ? subject : user.text()),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = ip});
}

struct OwnPassword {
    Person person;
    std::int64_t version = 0;
};

struct FieldOfPassword {
    std::string_view name;
    const char* message;
};

// What a wrong one is counted and refused by is the account's, as at sign-in.
OwnPassword require_own_password(Database& database, const TenantId& tenant, const UserId& user,
                                 std::string_view password, const FieldOfPassword& field) {
    const auto [person, credential] = database.read(tenant, [&](Tx& tx) {
        Person found = person_of(tx, user);
        require_attempts_left(tx, login_attempts, login_subject(found.email));
        return std::pair(std::move(found), credential_of(tx, user));
    });
    if (!matches(credential, password)) {
        database.write(tenant, [&, &owner = person](Tx& tx) {
            count_wrong_password(tx, login_subject(owner.email), user, {});
        });
        require_field(false, field.name, "invalid", field.message);
    }
    return {person, credential->version};
}

}  // namespace

std::string login_subject(std::string_view email) {
    return to_hex(crypto::sha256(normalize_email(email)));
}

std::vector<std::string> personal_words(const Person& person) {
    const std::string local_part = person.email.substr(0, person.email.find('@'));
    return {person.email,
            local_part,
            person.first_name,
            person.last_name,
            person.first_name + person.last_name,
            person.first_name + " " + person.last_name,
            person.phone};
}

std::optional<PasswordProblem> password_problem(std::string_view password,
                                                const std::vector<std::string>& personal) {
    const auto characters = characters_of(password);
    if (characters < length_min) {
        return PasswordProblem{"too_short", "Use a password of at least 8 characters."};
    }
    if (characters > length_max) {
        return PasswordProblem{"too_long", "Use a password of at most 128 characters."};
    }
    const std::string lowered = normalize_email(password);
    for (const auto& word : personal) {
        if (lowered == normalize_email(word)) {
            return PasswordProblem{"too_personal", "Use a password that is not your own name or address."};
        }
    }
    if (is_common_password(password)) {
        return PasswordProblem{"too_common", "This password is too common. Choose another one."};
    }
    return std::nullopt;
}

PreparedPassword prepare_password(std::string_view password, const std::vector<std::string>& personal,
                                  Random& random, std::string_view field) {
    const auto problem = password_problem(password, personal);
    if (problem) require_field(false, field, problem->code, problem->message);
    return {crypto::hash_password(password, random)};
}

void set_password(Tx& tx, const UserId& user, const PreparedPassword& password) {
    tx.run(
        "INSERT INTO credentials (tenant_id, user_id, password_hash, version, changed_at) "
        "VALUES (:tenant, $1, $2, 1, $3) ON CONFLICT (tenant_id, user_id) DO UPDATE "
        "SET password_hash = excluded.password_hash, version = credentials.version + 1, "
        "changed_at = excluded.changed_at",
        user, password.phc, tx.now());
    kill_links(tx, user, LinkPurpose::reset_password);
    clear_mfa_attempts(tx, user);
}

LoginFacts check_login(Database& database, const TenantId& tenant, std::string_view email,
                       std::string_view password, Random& random, const Device& device) {
    const std::string address = normalize_email(email);
    const std::string subject = login_subject(address);
    const auto credential = database.read(tenant, [&](Tx& tx) {
        require_tenant_is_active(tx);
        require_attempts_left(tx, login_attempts, subject);
        return credential_by_email(tx, address);
    });
    const bool is_right = matches(credential, password) && may_sign_in(credential->person_status);
    if (!is_right) {
        const UserId user = credential ? credential->user_id : UserId();
        database.write(tenant, [&](Tx& tx) { count_wrong_password(tx, subject, user, device.ip_address); });
        require_credentials(false);
    }
    LoginFacts facts{credential->user_id, address, credential->version, std::nullopt, std::nullopt};
    if (crypto::needs_rehash(credential->password_hash)) {
        facts.rehashed = PreparedPassword{crypto::hash_password(password, random)};
    }
    return facts;
}

Session finish_login(Tx& tx, const LoginFacts& facts, const Device& device, std::chrono::seconds lifetime) {
    const std::string subject = login_subject(facts.email);
    require_tenant_is_active(tx);
    require_attempts_left(tx, login_attempts, subject);
    const auto credential = credential_of(tx, facts.user_id);
    require_credentials(credential && credential->version == facts.password_version &&
                        may_sign_in(credential->person_status));
    if (credential->person_status == PersonStatus::pending)
        set_person_status(tx, facts.user_id, PersonStatus::active);
    // A door that never asks for a second factor is shut to those who have one.
    require(facts.second_factor || !has_second_factor(tx, facts.user_id), mfa_code_wrong,
            "This account needs the code of its second factor.");
    if (facts.second_factor) use_second_factor(tx, facts.user_id, *facts.second_factor);
    clear_attempts(tx, login_attempts, subject);
    if (facts.rehashed) {
        // The same password under other parameters: its version stays.
        tx.run("UPDATE credentials SET password_hash = $1 WHERE tenant_id = :tenant AND user_id = $2",
               facts.rehashed->phc, facts.user_id);
    }
    return start_session(tx, facts.user_id, device, lifetime);
}

PasswordChange check_password_change(Database& database, const TenantId& tenant, const UserId& user,
                                     const PasswordChangeRequest& request, Random& random) {
    const OwnPassword own = require_own_password(database, tenant, user, request.current,
                                                 {request.current_field, "The current password is wrong."});
    return {user, own.version,
            prepare_password(request.next, personal_words(own.person), random, request.next_field)};
}

void check_own_password(Database& database, const TenantId& tenant, const UserId& user,
                        std::string_view password, std::string_view field) {
    require_own_password(database, tenant, user, password, {field, "The password is wrong."});
}

void change_password(Tx& tx, const PasswordChange& change, const SessionId& keep) {
    const auto credential = credential_of(tx, change.user_id);
    require(credential && credential->version == change.password_version, conflict,
            "The password was changed in the meantime.");
    set_password(tx, change.user_id, change.next);
    end_all_sessions(tx, change.user_id, keep);
    audit::record(tx, {.actor = change.user_id.text(),
                       .action = "password.change",
                       .subject = "user:" + change.user_id.text(),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = {}});
}

}  // namespace pamoja::identity
