#include "identity/internal/credential.hpp"

namespace pamoja::identity {

void Credential::describe(Fields& f) {
    f("people.id", user_id);
    f("people.status", person_status);
    f("credentials.password_hash", password_hash);
    f("credentials.version", version);
}

std::optional<Credential> credential_by_email(Tx& tx, std::string_view normalized_email) {
    return tx.maybe<Credential>(
        "FROM people JOIN credentials ON credentials.tenant_id = people.tenant_id AND credentials.user_id = "
        "people.id WHERE people.tenant_id = :tenant AND people.email = $1",
        normalized_email);
}

std::optional<Credential> credential_of(Tx& tx, const UserId& user) {
    return tx.maybe<Credential>(
        "FROM people JOIN credentials ON credentials.tenant_id = people.tenant_id AND credentials.user_id = "
        "people.id WHERE people.tenant_id = :tenant AND people.id = $1",
        user);
}

}  // namespace pamoja::identity
