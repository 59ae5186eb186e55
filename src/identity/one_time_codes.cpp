#include "identity/one_time_codes.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"

namespace pamoja::identity {
namespace {

struct StoredCode {
    std::string digest;
    std::int64_t guesses = 0;
    Timestamp expires_at;

    void describe(Fields& f) {
        f("digest", digest);
        f("guesses", guesses);
        f("expires_at", expires_at);
    }
};

}  // namespace

CodeBook::CodeBook(const crypto::Keyring& keyring) : key_(keyring.derive("identity one-time codes")) {}

std::string CodeBook::issue(Tx& tx, const CodeRule& rule, const UserId& user) const {
    std::string code = tx.random().digits(rule.digits);
    tx.run(
        "INSERT INTO one_time_codes (tenant_id, user_id, purpose, digest, guesses, expires_at) "
        "VALUES (:tenant, $1, $2, $3, 0, $4) ON CONFLICT (tenant_id, user_id, purpose) DO UPDATE "
        "SET digest = excluded.digest, guesses = 0, expires_at = excluded.expires_at",
        user, rule.purpose, digest(tx, rule, user, code), tx.now().plus(rule.lifetime));
    return code;
}

CodeAnswer CodeBook::answer(Tx& tx, const CodeRule& rule, const UserId& user, std::string_view code) const {
    const auto stored = tx.maybe<StoredCode>(
        "FROM one_time_codes WHERE tenant_id = :tenant AND user_id = $1 AND purpose = $2", user,
        rule.purpose);
    if (!stored || stored->expires_at <= tx.now()) return CodeAnswer::expired;
    if (stored->guesses >= rule.guesses_max) return CodeAnswer::too_many_guesses;
    if (crypto::constant_time_equal(stored->digest, digest(tx, rule, user, code))) {
        tx.run("DELETE FROM one_time_codes WHERE tenant_id = :tenant AND user_id = $1 AND purpose = $2", user,
               rule.purpose);
        return CodeAnswer::right;
    }
    tx.run(
        "UPDATE one_time_codes SET guesses = guesses + 1 "
        "WHERE tenant_id = :tenant AND user_id = $1 AND purpose = $2",
        user, rule.purpose);
    return CodeAnswer::wrong;
}

std::string CodeBook::digest(const Tx& tx, const CodeRule& rule, const UserId& user,
                             std::string_view code) const {
    std::string message;
    for (const std::string_view part : {std::string_view(tx.tenant().text()), std::string_view(rule.purpose),
                                        std::string_view(user.text()), code}) {
        message += std::to_string(part.size()) + ":";
        message += part;
    }
    return to_hex(crypto::hmac_sha256(key_, message));
}

}  // namespace pamoja::identity
