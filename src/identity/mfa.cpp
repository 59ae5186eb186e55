#include "identity/mfa.hpp"

#include "audit/entries.hpp"
#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "crypto/sealed_box.hpp"
#include "crypto/totp.hpp"
#include "identity/internal/mfa_attempts.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t secret_bytes = 20;
constexpr std::size_t code_digits = 6;
constexpr std::chrono::minutes code_lifetime{10};
constexpr std::size_t recovery_count = 10;
constexpr std::size_t recovery_length = 10;  // characters of five bits each
constexpr const char* wrong_message = "The code is wrong or has expired.";

// A method of an app with its secret.
struct AppMethod {
    std::string sealed_secret;
    std::int64_t last_step = 0;
    std::optional<Timestamp> verified_at;

    void describe(Fields& f) {
        f("sealed_secret", sealed_secret);
        f("last_step", last_step);
        f("verified_at", verified_at);
    }
};

struct StoredCode {
    std::string id;
    MfaType type = MfaType::email;
    std::string digest;

    void describe(Fields& f) {
        f("id", id);
        f("type", type);
        f("digest", digest);
    }
};

std::optional<AppMethod> app_method_of(Tx& tx, const UserId& user) {
    return tx.maybe<AppMethod>(
        "FROM mfa_methods WHERE tenant_id = :tenant AND user_id = $1 AND type = 'totp'", user);
}

std::string secret_context(const Tx& tx, const UserId& user) {
    return "mfa_methods.sealed_secret:" + tx.tenant().text() + ":" + user.text();
}

std::string session_binding(const SessionId& session) {
    return "session:" + session.text();
}

// As codes are compared: without what people put between the characters, in lower case.
std::string normalized_code(std::string_view text) {
    std::string code;
    for (const char c : text) {
        if (c == ' ' || c == '-') continue;
        code += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return code;
}

std::string escaped(std::string_view text) {
    constexpr std::string_view unreserved = "-._~@";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              unreserved.find(c) != std::string_view::npos;
        if (is_plain) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += hex[byte >> 4];
        result += hex[byte & 15];
    }
    return result;
}

// The code of an app that is being set up, or of one that is on.
bool is_meant(const std::optional<MfaType>& set_up, MfaType type, bool is_on) {
    return set_up ? *set_up == type : is_on;
}

void require_not_used_yet(bool is_free) {
    require(is_free, mfa_code_wrong, wrong_message);
}

void note_refusal(Tx& tx, const UserId& user) {
    audit::record(tx, {.actor = "anonymous",
                       .action = "mfa.refuse",
                       .subject = "user:" + user.text(),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = {}});
}

void require_no_such_method_on(Tx& tx, const UserId& user, MfaType type) {
    for (const MfaMethod& method : mfa_methods_of(tx, user)) {
        require(method.type != type || !method.is_on(), conflict,
                "This method is on already. Remove it before you set it up anew.");
    }
}

std::string address_for(const Person& person, MfaType type) {
    switch (type) {
        case MfaType::totp:
            return {};
        case MfaType::sms:
            require_field(!person.phone.empty(), "type", "no_phone",
                          "Add a phone number to your account first.");
            return person.phone;
        case MfaType::email:
            return person.email;
    }
    return {};
}

void begin_method(Tx& tx, const UserId& user, MfaType type, const std::string& sealed,
                  const std::string& address) {
    tx.run(
        "INSERT INTO mfa_methods (tenant_id, user_id, type, sealed_secret, address, last_step, verified_at, "
        "created_at) VALUES (:tenant, $1, $2, $3, $4, 0, NULL, $5) ON CONFLICT (tenant_id, user_id, type) DO "
        "UPDATE SET sealed_secret = excluded.sealed_secret, address = excluded.address, last_step = 0, "
        "created_at = excluded.created_at",
        user, type, sealed, address, tx.now());
}

}  // namespace

void MfaMethod::describe(Fields& f) {
    f("type", type);
    f("address", address);
    f("verified_at", verified_at);
    f("created_at", created_at);
}

std::vector<MfaMethod> mfa_methods_of(Tx& tx, const UserId& user) {
    return tx.all<MfaMethod>("FROM mfa_methods WHERE tenant_id = :tenant AND user_id = $1 ORDER BY type",
                             user);
}

bool has_second_factor(Tx& tx, const UserId& user) {
    return tx
        .value<std::int64_t>(
            "SELECT 1 FROM mfa_methods WHERE tenant_id = :tenant AND user_id = $1 AND verified_at IS NOT "
            "NULL "
            "LIMIT 1",
            user)
        .has_value();
}

void remove_mfa_method(Tx& tx, const UserId& user, MfaType type) {
    const auto removed = tx.run(
        "DELETE FROM mfa_methods WHERE tenant_id = :tenant AND user_id = $1 AND type = $2", user, type);
    require(removed == 1, not_found, "This method is not set up.");
    tx.run("DELETE FROM mfa_codes WHERE tenant_id = :tenant AND user_id = $1 AND type = $2", user, type);
    if (has_second_factor(tx, user)) return;
    tx.run("DELETE FROM mfa_recovery_codes WHERE tenant_id = :tenant AND user_id = $1", user);
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret_base32) {
    return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) +
           "?secret=" + std::string(secret_base32) + "&issuer=" + escaped(issuer);
}

void use_second_factor(Tx& tx, const UserId& user, const SecondFactor& factor) {
    if (const auto* app = std::get_if<TotpMatch>(&factor)) {
        // RFC 6238 5.2: a step that was accepted is never accepted again, nor an older one.
        const auto used = tx.run(
            "UPDATE mfa_methods SET last_step = $1 WHERE tenant_id = :tenant AND user_id = $2 AND type = "
            "'totp' AND sealed_secret = $3 AND last_step < $1",
            app->step, user, app->sealed_secret);
        return require_not_used_yet(used == 1);
    }
    if (const auto* sent = std::get_if<SentCodeMatch>(&factor)) {
        const auto used = tx.run(
            "DELETE FROM mfa_codes WHERE tenant_id = :tenant AND id = $1 AND user_id = $2", sent->id, user);
        return require_not_used_yet(used == 1);
    }
    const auto used =
        tx.run("DELETE FROM mfa_recovery_codes WHERE tenant_id = :tenant AND user_id = $1 AND digest = $2",
               user, std::get<RecoveryMatch>(factor).digest);
    require_not_used_yet(used == 1);
    audit::record(tx, {.actor = user.text(),
                       .action = "mfa.use_recovery_code",
                       .subject = "user:" + user.text(),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = {}});
}

MfaBook::MfaBook(const crypto::Keyring& keyring)
    : keyring_(keyring), key_(keyring.derive("identity second factors")) {}

MfaSetup MfaBook::set_up(Tx& tx, const UserId& user, MfaType type, const SessionId& session,
                         std::string_view issuer) const {
    const Person person = person_of(tx, user);
    require_no_such_method_on(tx, user, type);
    MfaSetup setup{.type = type, .secret = {}, .uri = {}, .code = {}};
    const std::string address = address_for(person, type);
    if (type == MfaType::totp) {
        const std::string secret = tx.random().bytes(secret_bytes);
        setup.secret = crypto::to_base32(secret);
        setup.uri = otpauth_uri(issuer, person.email, setup.secret);
        begin_method(tx, user, type, crypto::seal(keyring_, secret, secret_context(tx, user), tx.random()),
                     "");
        return setup;
    }
    begin_method(tx, user, type, "", address);
    setup.code = send_code(tx, user, type, address, session_binding(session)).code;
    return setup;
}

std::string MfaBook::pending_uri(Tx& tx, const UserId& user, std::string_view issuer) const {
    const auto method = app_method_of(tx, user);
    require(method && !method->verified_at, not_found, "No authenticator app is being set up.");
    const std::string secret = open_secret(tx, user, method->sealed_secret);
    return otpauth_uri(issuer, person_of(tx, user).email, crypto::to_base32(secret));
}

SecondFactor MfaBook::check_setup(Database& database, const TenantId& tenant, const UserId& user,
                                  const SessionId& session, MfaType type, std::string_view code) const {
    const Guess guess{
        .user_id = user, .code = std::string(code), .binding = session_binding(session), .set_up = type};
    auto matched = database.write(tenant, [&](Tx& tx) {
        const auto methods = mfa_methods_of(tx, user);
        const auto found = std::ranges::find(methods, type, &MfaMethod::type);
        require(found != methods.end(), not_found, "This method is not set up.");
        require(!found->is_on(), conflict, "This method is verified already.");
        return judge(tx, guess);
    });
    require_field(matched.has_value(), "code", "invalid", wrong_message);
    return std::move(*matched);
}

void MfaBook::confirm_setup(Tx& tx, const UserId& user, MfaType type, const SecondFactor& factor) const {
    use_second_factor(tx, user, factor);
    const auto changed = tx.run(
        "UPDATE mfa_methods SET verified_at = $1 WHERE tenant_id = :tenant AND user_id = $2 AND type = $3 "
        "AND "
        "verified_at IS NULL",
        tx.now(), user, type);
    require(changed == 1, conflict, "This method is verified already.");
}

std::vector<std::string> MfaBook::new_recovery_codes(Tx& tx, const UserId& user) const {
    require(has_second_factor(tx, user), conflict, "Set up a second factor first.");
    tx.run("DELETE FROM mfa_recovery_codes WHERE tenant_id = :tenant AND user_id = $1", user);
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < recovery_count; ++i) {
        const std::string code =
            normalized_code(crypto::to_base32(tx.random().bytes(7))).substr(0, recovery_length);
        tx.run(
            "INSERT INTO mfa_recovery_codes (tenant_id, user_id, digest, created_at) VALUES (:tenant, $1, "
            "$2, "
            "$3)",
            user, digest(tx, user, "recovery", code), tx.now());
        codes.push_back(code.substr(0, recovery_length / 2) + "-" + code.substr(recovery_length / 2));
    }
    return codes;
}

MfaBook::SentCode MfaBook::send_code(Tx& tx, const UserId& user, MfaType type, const std::string& address,
                                     const std::string& binding) const {
    count_wrong_attempt(tx, codes_sent, user.text());
    tx.run("DELETE FROM mfa_codes WHERE tenant_id = :tenant AND user_id = $1 AND expires_at <= $2", user,
           tx.now());
    const std::string code = tx.random().digits(code_digits);
    const std::string id = make_uuid(tx.now(), tx.random());
    tx.run(
        "INSERT INTO mfa_codes (tenant_id, id, user_id, type, binding, digest, expires_at) VALUES (:tenant, "
        "$1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, user_id, type, binding) DO UPDATE SET id = "
        "excluded.id, digest = excluded.digest, expires_at = excluded.expires_at",
        id, user, type, binding, digest(tx, user, "sent:" + id, code), tx.now().plus(code_lifetime));
    return {id, {.user_id = user, .type = type, .address = address, .code = code}};
}

std::optional<SecondFactor> MfaBook::judge(Tx& tx, const Guess& given) const {
    Guess guess = given;
    guess.code = normalized_code(given.code);
    const std::string& subject = guess.user_id.text();
    const bool is_recovery = guess.code.size() == recovery_length && !guess.set_up;
    if (is_recovery) {
        require_attempts_left(tx, recovery_attempts, subject);
        if (auto matched = match_recovery(tx, guess.user_id, guess.code)) return matched;
        count_wrong_attempt(tx, recovery_attempts, subject);
    } else {
        require_attempts_left(tx, mfa_attempts_of_day, subject);
        require_attempts_left(tx, mfa_attempts, subject);
        if (auto matched = match_app(tx, guess)) return matched;
        if (auto matched = match_sent(tx, guess)) return matched;
        count_wrong_attempt(tx, mfa_attempts_of_day, subject);
        count_wrong_attempt(tx, mfa_attempts, subject);
    }
    note_refusal(tx, guess.user_id);
    return std::nullopt;
}

std::optional<SecondFactor> MfaBook::match_app(Tx& tx, const Guess& guess) const {
    const auto method = app_method_of(tx, guess.user_id);
    if (!method || !is_meant(guess.set_up, MfaType::totp, method->verified_at.has_value()))
        return std::nullopt;
    const std::string secret = open_secret(tx, guess.user_id, method->sealed_secret);
    const auto step = crypto::match_totp(secret, guess.code, tx.now());
    if (!step || *step <= method->last_step) return std::nullopt;
    return TotpMatch{*step, method->sealed_secret};
}

std::optional<SecondFactor> MfaBook::match_sent(Tx& tx, const Guess& guess) const {
    const auto stored = tx.all<StoredCode>(
        "FROM mfa_codes WHERE tenant_id = :tenant AND user_id = $1 AND (binding = $2 OR id = $3) AND "
        "expires_at > $4 ORDER BY id",
        guess.user_id, guess.binding, guess.attempt, tx.now());
    const auto methods = mfa_methods_of(tx, guess.user_id);
    for (const StoredCode& code : stored) {
        const auto method = std::ranges::find(methods, code.type, &MfaMethod::type);
        if (method == methods.end() || !is_meant(guess.set_up, code.type, method->is_on())) continue;
        const std::string expected = digest(tx, guess.user_id, "sent:" + code.id, guess.code);
        if (crypto::constant_time_equal(code.digest, expected)) return SentCodeMatch{code.id};
    }
    return std::nullopt;
}

std::optional<SecondFactor> MfaBook::match_recovery(Tx& tx, const UserId& user,
                                                    const std::string& code) const {
    const std::string wanted = digest(tx, user, "recovery", code);
    const auto found = tx.value<std::string>(
        "SELECT digest FROM mfa_recovery_codes WHERE tenant_id = :tenant AND user_id = $1 AND digest = $2",
        user, wanted);
    if (!found) return std::nullopt;
    return RecoveryMatch{*found};
}

std::string MfaBook::open_secret(const Tx& tx, const UserId& user, const std::string& sealed) const {
    auto secret = crypto::open(keyring_, sealed, secret_context(tx, user));
    if (!secret) throw std::runtime_error("the secret of a second factor does not open: " + user.text());
    return std::move(*secret);
}

std::string MfaBook::digest(const Tx& tx, const UserId& user, std::string_view kind,
                            std::string_view code) const {
    std::string message;
    for (const std::string_view part :
         {std::string_view(tx.tenant().text()), std::string_view(user.text()), kind, code}) {
        message += std::to_string(part.size()) + ":";
        message += part;
    }
    return to_hex(crypto::hmac_sha256(key_, message));
}

std::int64_t recovery_codes_left(Tx& tx, const UserId& user) {
    return *tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM mfa_recovery_codes WHERE tenant_id = :tenant AND user_id = $1", user);
}

void clear_mfa_attempts(Tx& tx, const UserId& user) {
    for (const auto& rule : {mfa_attempts, mfa_attempts_of_day, recovery_attempts}) {
        clear_attempts(tx, rule, user.text());
    }
}

}  // namespace pamoja::identity
