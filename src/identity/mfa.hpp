#pragma once
#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/keyring.hpp"
#include "db/database.hpp"
#include "identity/people.hpp"
#include "identity/sessions.hpp"

namespace pamoja::identity {

inline constexpr Reason mfa_code_wrong{FailureKind::unauthenticated, "mfa_code_wrong"};

// How a person proves a sign-in besides the password: by an authenticator app, or by a code that is sent.
enum class MfaType { totp, sms, email };
constexpr std::array<const char*, 3> names(MfaType) {
    return {"totp", "sms", "email"};
}

struct MfaMethod {
    MfaType type = MfaType::totp;
    std::string address;  // where codes go; empty for an app
    std::optional<Timestamp> verified_at;
    Timestamp created_at;

    bool is_on() const { return verified_at.has_value(); }
    void describe(Fields&);
};

// A code on its way to a person. It is nowhere else in the clear.
struct CodeToSend {
    UserId user_id;
    MfaType type = MfaType::email;
    std::string address;
    std::string code;
};

// What a person needs to begin with a method: the secret of an app, or the code that goes to their address.
struct MfaSetup {
    MfaType type = MfaType::totp;
    std::string secret;  // base32, as people type it
    std::string uri;     // otpauth://…, as apps scan it
    std::optional<CodeToSend> code;
};

// A code that was right, not yet used up: what use_second_factor() takes.
struct TotpMatch {
    std::int64_t step = 0;
    std::string sealed_secret;
};
struct SentCodeMatch {
    std::string id;
};
struct RecoveryMatch {
    std::string digest;
};
using SecondFactor = std::variant<TotpMatch, SentCodeMatch, RecoveryMatch>;

// In order of their names; those that are not verified yet are among them.
std::vector<MfaMethod> mfa_methods_of(Tx&, const UserId&);
bool has_second_factor(Tx&, const UserId&);
// Throws not_found. Recovery codes go with the last method.
void remove_mfa_method(Tx&, const UserId&, MfaType);
// Uses it up: the same code is worth nothing afterwards. Throws mfa_code_wrong when somebody was faster.
void use_second_factor(Tx&, const UserId&, const SecondFactor&);

// "otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER", each part escaped.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret_base32);

// Sets methods up and judges codes, under the server's keys: secrets are stored sealed, codes as keyed
// digests. Thread-safe.
class MfaBook {
  public:
    // The keyring must outlive it.
    explicit MfaBook(const crypto::Keyring&);

    // Begins, or begins again. Throws conflict while a method of that type is on, validation_failed on "type"
    // for a person without a phone, rate_limited after ten codes in an hour. A code is bound to the session.
    MfaSetup set_up(Tx&, const UserId&, MfaType, const SessionId&, std::string_view issuer) const;
    // The URI of an app's secret again, for a QR code; only until it is verified. Throws not_found.
    std::string pending_uri(Tx&, const UserId&, std::string_view issuer) const;

    // For the ask phase: a wrong code is counted durably, and is a field error on "code".
    SecondFactor check_setup(Database&, const TenantId&, const UserId&, const SessionId&, MfaType,
                             std::string_view code) const;
    // The write half: the method is on. Throws mfa_code_wrong when the code was used in between.
    void confirm_setup(Tx&, const UserId&, MfaType, const SecondFactor&) const;

    // Ten new ones, shown once; older ones die. Throws conflict for a person without a method that is on.
    std::vector<std::string> new_recovery_codes(Tx&, const UserId&) const;

    // A new code for an address, in place of an older one of the same binding. Its id names the attempt.
    struct SentCode {
        std::string id;
        CodeToSend code;
    };
    SentCode send_code(Tx&, const UserId&, MfaType, const std::string& address,
                       const std::string& binding) const;

    // Whose code a guess may be: of methods that are on, or of the one that is being set up; and of the
    // attempt or binding that a code was sent for.
    struct Guess {
        UserId user_id;
        std::string code;
        std::string binding;
        std::string attempt = {};
        std::optional<MfaType> set_up = {};
    };
    // Empty for a wrong one, which is counted: commit before telling. Throws rate_limited when the person has
    // no guess left, which only those can bring about who know the password.
    std::optional<SecondFactor> judge(Tx&, const Guess&) const;

  private:
    std::optional<SecondFactor> match_app(Tx&, const Guess&) const;
    std::optional<SecondFactor> match_sent(Tx&, const Guess&) const;
    std::optional<SecondFactor> match_recovery(Tx&, const UserId&, const std::string& code) const;
    std::string open_secret(const Tx&, const UserId&, const std::string& sealed) const;
    std::string digest(const Tx&, const UserId&, std::string_view kind, std::string_view code) const;

    const crypto::Keyring& keyring_;
    std::string key_;
};

std::int64_t recovery_codes_left(Tx&, const UserId&);
// Whoever changes the password anew gets all guesses back: others do not know it any more.
void clear_mfa_attempts(Tx&, const UserId&);

}  // namespace pamoja::identity
