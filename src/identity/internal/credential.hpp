#pragma once
#include "identity/people.hpp"

namespace pamoja::identity {

// A person's stored password, with what decides whether it opens anything.
struct Credential {
    UserId user_id;
    PersonStatus person_status = PersonStatus::disabled;
    std::string password_hash;
    std::int64_t version = 0;

    void describe(Fields&);
};

std::optional<Credential> credential_by_email(Tx&, std::string_view normalized_email);
std::optional<Credential> credential_of(Tx&, const UserId&);

}  // namespace pamoja::identity
