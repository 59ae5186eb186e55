#include "identity/people.hpp"

#include "access/roles.hpp"
#include "base/phone.hpp"
#include "identity/internal/like_pattern.hpp"
#include "identity/one_time_links.hpp"
#include "identity/sessions.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t email_length_max = 254;

std::string require_phone(std::string_view text, std::string_view home_country, std::string_view field) {
    auto phone = normalize_phone(text, home_country);
    require_field(phone.has_value(), field, "invalid", "Enter a valid phone number.");
    return std::move(*phone);
}

void require_person(bool is_there) {
    require(is_there, not_found, "There is no such person.");
}

}  // namespace

void Person::describe(Fields& f) {
    f("id", id);
    f("email", email);
    f("phone", phone);
    f("first_name", first_name);
    f("last_name", last_name);
    f("date_of_birth", date_of_birth);
    f("status", status);
    f("email_verified_at", email_verified_at);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

std::string normalize_email(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    std::string email(text.substr(first, text.find_last_not_of(blanks) - first + 1));
    for (char& c : email) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return email;
}

Person register_person(Tx& tx, const NewPerson& wanted) {
    Person person{.id = tx.new_id<UserId>(),
                  .email = normalize_email(wanted.email),
                  .phone = {},
                  .first_name = wanted.first_name,
                  .last_name = wanted.last_name,
                  .date_of_birth = wanted.date_of_birth,
                  .status = wanted.status,
                  .email_verified_at = std::nullopt,
                  .created_at = tx.now(),
                  .updated_at = tx.now()};
    require_field(person.email.find('@') != std::string::npos && person.email.size() <= email_length_max,
                  "email", "invalid", "Enter a valid e-mail address.");
    if (!wanted.phone.empty()) {
        person.phone = require_phone(wanted.phone, wanted.home_country, wanted.phone_field);
    }
    if (!tx.insert_if_absent("people", person)) {
        const std::string message = "An account with this e-mail address already exists.";
        throw Failure(email_taken, message, {{"email", message, "already_exists"}});
    }
    for (const auto& role : wanted.roles) access::grant_role(tx, person.id, role);
    return person;
}

Person update_person(Tx& tx, const UserId& id, const PersonChanges& changes) {
    Person person = person_of(tx, id);
    if (changes.phone) {
        person.phone = require_phone(*changes.phone, changes.home_country, changes.phone_field);
    }
    if (changes.first_name) person.first_name = *changes.first_name;
    if (changes.last_name) person.last_name = *changes.last_name;
    if (changes.date_of_birth) person.date_of_birth = changes.date_of_birth;
    person.updated_at = tx.now();
    tx.run(
        "UPDATE people SET phone = $1, first_name = $2, last_name = $3, date_of_birth = $4, updated_at = $5 "
        "WHERE tenant_id = :tenant AND id = $6",
        person.phone, person.first_name, person.last_name, person.date_of_birth, person.updated_at, id);
    return person;
}

Person person_of(Tx& tx, const UserId& id) {
    auto person = tx.maybe<Person>("FROM people WHERE tenant_id = :tenant AND id = $1", id);
    require_person(person.has_value());
    return std::move(*person);
}

std::optional<Person> person_by_email(Tx& tx, std::string_view email) {
    return tx.maybe<Person>("FROM people WHERE tenant_id = :tenant AND email = $1", normalize_email(email));
}

std::vector<Person> people_of(Tx& tx, const std::vector<UserId>& ids) {
    std::vector<Person> people;
    for (const auto& id : ids) {
        auto person = tx.maybe<Person>("FROM people WHERE tenant_id = :tenant AND id = $1", id);
        if (person) people.push_back(std::move(*person));
    }
    return people;
}

Page<Person> people(Tx& tx, std::string_view search, const std::optional<PersonStatus>& status,
                    const PageRequest& page) {
    return tx.page<Person>(
        page,
        "FROM people WHERE tenant_id = :tenant AND ($2 = '' OR status = $2) AND (email LIKE $1 ESCAPE '!' "
        "OR LOWER(first_name || ' ' || last_name) LIKE $1 ESCAPE '!')",
        "created_at, id", like_containing(search), status ? std::string(name_of(*status)) : std::string());
}

void mark_email_verified(Tx& tx, const UserId& id) {
    const auto changed = tx.run(
        "UPDATE people SET email_verified_at = COALESCE(email_verified_at, $1), updated_at = $1 "
        "WHERE tenant_id = :tenant AND id = $2",
        tx.now(), id);
    require_person(changed == 1);
}

void set_person_status(Tx& tx, const UserId& id, PersonStatus status) {
    const auto changed =
        tx.run("UPDATE people SET status = $1, updated_at = $2 WHERE tenant_id = :tenant AND id = $3", status,
               tx.now(), id);
    require_person(changed == 1);
    if (status == PersonStatus::active) return;
    end_all_sessions(tx, id);
    kill_links(tx, id);
}

}  // namespace pamoja::identity
