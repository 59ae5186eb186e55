#include <cstdio>

#include "access/roles.hpp"
#include "app/commands.hpp"
#include "app/flexifinance.hpp"
#include "app/upflame.hpp"
#include "audit/entries.hpp"
#include "identity/passwords.hpp"

namespace pamoja::app {
namespace {

constexpr std::size_t password_bytes = 12;

void grant(Tx& tx, const UserId& user, std::string_view role) {
    access::grant_role(tx, user, role);
    audit::record(tx, {.actor = "system", .action = "role.grant", .subject = "user:" + user.text()});
}

bool grant_to_registered(Database& database, const std::string& email, const std::string& role) {
    return database.write(flexifinance_tenant, [&](Tx& tx) {
        const auto person = identity::person_by_email(tx, email);
        if (person) grant(tx, person->id, role);
        return person.has_value();
    });
}

void grant_platform(Tx& tx, const UserId& user) {
    grant(tx, user, "Admin");
    grant(tx, user, faces::upflame::platform_admin);
}

// Nobody registers at Upflame, so its first administrator is made here, with a password that is told this
// once.
void make_platform_admin(Database& database, const std::string& email, Random& random) {
    ensure_upflame(database);
    const bool is_known = database.write(upflame_home, [&](Tx& tx) {
        const auto person = identity::person_by_email(tx, email);
        if (person) grant_platform(tx, person->id);
        return person.has_value();
    });
    if (is_known) return;
    const auto password = random.hex(password_bytes);
    const auto prepared = identity::prepare_password(password, {}, random);
    database.write(upflame_home, [&](Tx& tx) {
        identity::NewPerson wanted;
        wanted.email = email;
        wanted.first_name = "Platform";
        wanted.last_name = "Administrator";
        wanted.status = identity::PersonStatus::pending;
        const auto person = identity::register_person(tx, wanted);
        identity::set_password(tx, person.id, prepared);
        grant_platform(tx, person.id);
    });
    std::printf("made %s with the password %s\n", email.c_str(), password.c_str());
}

}  // namespace

int run_grant(const Options& options, const std::string& email, const std::string& role) {
    const bool is_platform = role == faces::upflame::platform_admin;
    if (!is_platform && role != access::loan_officer && role != access::admin) {
        std::fprintf(stderr, "there is no role %s: loan_officer, admin or platform_admin\n", role.c_str());
        return 2;
    }
    SystemClock clock;
    SystemRandom random;
    const auto database = open_database(database_url_of(options), clock, random);
    if (is_platform) make_platform_admin(*database, email, random);
    const bool is_granted = is_platform || grant_to_registered(*database, email, role);
    std::puts(is_granted ? "granted" : "nobody is registered with this address");
    return is_granted ? 0 : 1;
}

}  // namespace pamoja::app
