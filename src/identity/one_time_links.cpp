#include "identity/one_time_links.hpp"

#include "audit/entries.hpp"
#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "identity/internal/login_attempts.hpp"
#include "identity/sessions.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t secret_bytes = 32;

struct Link {
    UserId user_id;
    LinkPurpose purpose = LinkPurpose::verify_email;
    std::string digest;
    std::string email;
    Timestamp created_at;
    Timestamp expires_at;

    void describe(Fields& f) {
        f("user_id", user_id);
        f("purpose", purpose);
        f("digest", digest);
        f("email", email);
        f("created_at", created_at);
        f("expires_at", expires_at);
    }
};

// Digests of 256 random bits need no key and no salt.
std::string digest_of(std::string_view token) {
    return to_hex(crypto::sha256(token));
}

[[noreturn]] void refuse_link() {
    const std::string message = "This link is invalid or has expired.";
    throw Failure(invalid_link, message, {{"token", message, "invalid"}});
}

// Whose link this is, if it still works.
Person require_link(Tx& tx, std::string_view token, LinkPurpose purpose) {
    const auto link =
        tx.maybe<Link>("FROM one_time_links WHERE tenant_id = :tenant AND digest = $1 AND purpose = $2",
                       digest_of(token), purpose);
    if (!link || link->expires_at <= tx.now()) refuse_link();
    Person person = person_of(tx, link->user_id);
    if (person.status != PersonStatus::active || person.email != link->email) refuse_link();
    return person;
}

}  // namespace

std::chrono::seconds lifetime_of(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::verify_email:
            return std::chrono::hours(24);
        case LinkPurpose::reset_password:
            return std::chrono::hours(1);
    }
    throw std::logic_error("a link without a purpose");
}

std::string issue_link(Tx& tx, const Person& person, LinkPurpose purpose) {
    std::string token = crypto::to_base64url(tx.random().bytes(secret_bytes));
    kill_links(tx, person.id, purpose);
    tx.insert("one_time_links", Link{.user_id = person.id,
                                     .purpose = purpose,
                                     .digest = digest_of(token),
                                     .email = person.email,
                                     .created_at = tx.now(),
                                     .expires_at = tx.now().plus(lifetime_of(purpose))});
    return token;
}

void kill_links(Tx& tx, const UserId& user, std::optional<LinkPurpose> purpose) {
    tx.run(
        "DELETE FROM one_time_links WHERE tenant_id = :tenant AND user_id = $1 "
        "AND purpose = COALESCE($2, purpose)",
        user, purpose);
}

Person verify_email(Tx& tx, std::string_view token) {
    const Person person = require_link(tx, token, LinkPurpose::verify_email);
    kill_links(tx, person.id, LinkPurpose::verify_email);
    mark_email_verified(tx, person.id);
    return person_of(tx, person.id);
}

std::optional<ResetRequest> request_password_reset(Tx& tx, std::string_view email) {
    auto person = person_by_email(tx, email);
    if (!person || person->status != PersonStatus::active) return std::nullopt;
    std::string token = issue_link(tx, *person, LinkPurpose::reset_password);
    return ResetRequest{std::move(*person), std::move(token)};
}

PasswordReset check_password_reset(Database& database, const TenantId& tenant, std::string_view token,
                                   std::string_view next, Random& random, std::string_view next_field) {
    const Person person =
        database.read(tenant, [&](Tx& tx) { return require_link(tx, token, LinkPurpose::reset_password); });
    return {std::string(token), prepare_password(next, personal_words(person), random, next_field)};
}

Person reset_password(Tx& tx, const PasswordReset& reset) {
    Person person = require_link(tx, reset.token, LinkPurpose::reset_password);
    set_password(tx, person.id, reset.next);  // which kills the link
    end_all_sessions(tx, person.id);
    clear_attempts(tx, login_attempts, login_subject(person.email));
    audit::record(tx, {.actor = person.id.text(),
                       .action = "password.reset",
                       .subject = "user:" + person.id.text(),
                       .details = json::Value(json::Object{}),
                       .trace_id = {},
                       .ip_address = {}});
    return person;
}

std::int64_t forget_links(Tx& tx, Timestamp before, std::int64_t rows_max) {
    return tx.run(
        "DELETE FROM one_time_links WHERE tenant_id = :tenant AND digest IN (SELECT digest FROM "
        "one_time_links "
        "WHERE tenant_id = :tenant AND expires_at < $1 ORDER BY expires_at, digest LIMIT $2)",
        before, rows_max);
}

std::vector<TenantId> tenants_with_old_links(Tx& tx, const TenantSlice& slice, Timestamp before) {
    return tenants_with(tx, slice, "one_time_links", "expires_at < $1", before);
}

}  // namespace pamoja::identity
