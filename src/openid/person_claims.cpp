#include "openid/person_claims.hpp"

#include "openid/scopes.hpp"

namespace pamoja::openid {
namespace {

std::string full_name_of(const identity::Person& person) {
    if (person.first_name.empty() || person.last_name.empty()) return person.first_name + person.last_name;
    return person.first_name + " " + person.last_name;
}

void write_text(json::Writer& writer, const char* name, const std::string& text) {
    if (!text.empty()) writer.member(name, text);
}

}  // namespace

void write_claims(json::Writer& writer, const identity::Person& person,
                  const std::vector<std::string>& claims) {
    const auto wants = [&](std::string_view name) { return contains(claims, name); };
    if (wants("name")) write_text(writer, "name", full_name_of(person));
    if (wants("given_name")) write_text(writer, "given_name", person.first_name);
    if (wants("family_name")) write_text(writer, "family_name", person.last_name);
    if (wants("birthdate") && person.date_of_birth) writer.member("birthdate", person.date_of_birth->text());
    if (wants("updated_at")) writer.member("updated_at", person.updated_at.seconds());
    if (wants("email")) write_text(writer, "email", person.email);
    if (wants("email_verified")) writer.member("email_verified", person.is_verified());
    if (person.phone.empty()) return;
    if (wants("phone_number")) writer.member("phone_number", person.phone);
    // Nobody has proved so far that a number is theirs.
    if (wants("phone_number_verified")) writer.member("phone_number_verified", false);
}

}  // namespace pamoja::openid
