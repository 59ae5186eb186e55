#pragma once
#include <array>
#include <optional>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::identity {

inline constexpr Reason email_taken{FailureKind::conflict, "email_taken"};

// A pending person was made by somebody else and becomes active by signing in for the first time.
enum class PersonStatus { active, disabled, deleted, pending };
constexpr std::array<const char*, 4> names(PersonStatus) {
    return {"active", "disabled", "deleted", "pending"};
}
constexpr bool may_sign_in(PersonStatus status) {
    return status == PersonStatus::active || status == PersonStatus::pending;
}

struct Person {
    UserId id;
    std::string email;  // normalised, unique in the tenant
    std::string phone;  // E.164, not unique; empty when there is none
    std::string first_name;
    std::string last_name;
    std::optional<Date> date_of_birth;
    PersonStatus status = PersonStatus::active;
    std::optional<Timestamp> email_verified_at;
    Timestamp created_at;
    Timestamp updated_at;

    bool is_verified() const { return email_verified_at.has_value(); }
    void describe(Fields&);
};

struct NewPerson {
    std::string email{};
    std::string phone{};
    std::string first_name{};
    std::string last_name{};
    std::optional<Date> date_of_birth{};
    std::vector<std::string> roles{};  // granted in the same step
    PersonStatus status = PersonStatus::active;
    std::string home_country = "KE";           // in whose plan a phone number without a country code is read
    std::string phone_field = "phone_number";  // the wire's name of the phone, for its field error
};

// What is empty stays as it is.
struct PersonChanges {
    std::optional<std::string> phone{};
    std::optional<std::string> first_name{};
    std::optional<std::string> last_name{};
    std::optional<Date> date_of_birth{};
    std::string home_country = "KE";
    std::string phone_field = "phone_number";
};

// Trimmed and in lower case: the form in which an address is stored, looked up and counted.
std::string normalize_email(std::string_view);

// Throws email_taken (with a field error on "email"), validation_failed for a phone number that is none.
Person register_person(Tx&, const NewPerson&);
Person update_person(Tx&, const UserId&, const PersonChanges&);  // throws not_found
Person person_of(Tx&, const UserId&);                            // throws not_found
// In order of registration; `search` is part of a name or of an address, empty for everybody.
Page<Person> people(Tx&, std::string_view search, const std::optional<PersonStatus>&, const PageRequest&);
std::optional<Person> person_by_email(Tx&, std::string_view email);  // in whatever case it is written
std::vector<Person> people_of(Tx&, const std::vector<UserId>&);      // those that exist, in no order

void mark_email_verified(Tx&, const UserId&);  // keeps the first time
// Takes effect at once: whoever is not active loses every session. Throws not_found.
void set_person_status(Tx&, const UserId&, PersonStatus);

}  // namespace pamoja::identity
