#include "faces/flexifinance/profile.hpp"

#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "faces/flexifinance/templates.hpp"
#include "faces/shared/trail.hpp"
#include "kyc/kyc.hpp"
#include "lending/disbursement.hpp"

namespace pamoja::faces::flexifinance {
namespace {

constexpr int adult_months = 18 * 12;
constexpr Date oldest_birth(1900, 1, 1);

struct ProfileView {
    identity::Person person;
    kyc::Status kyc_status;
    bool is_verified = person.is_verified();

    void describe(Fields& f) {
        f("user_id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("phone_number", person.phone);
        f("date_of_birth", person.date_of_birth);
        f("is_verified", is_verified);
        f("kyc_status", kyc_status);
        f("created_at", person.created_at);
        f("updated_at", person.updated_at);
    }
};

ProfileView show_profile(Call& call) {
    const UserId& user = call.actor().user_id;
    return {identity::person_of(call.tx, user), kyc::file_of(call.tx, user).status};
}

struct ProfileRequest {
    identity::PersonChanges changes;

    void describe(Fields& f) {
        f("first_name", changes.first_name).length(1, 100);
        f("last_name", changes.last_name).length(1, 100);
        f("phone_number", changes.phone).phone();
        f("date_of_birth", changes.date_of_birth);
    }
    void check(Reading& reading) const {
        check_name(reading, "first_name", changes.first_name.value_or(""));
        check_name(reading, "last_name", changes.last_name.value_or(""));
    }
};

struct UpdatedView {
    identity::Person person;

    void describe(Fields& f) {
        f("user_id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("phone_number", person.phone);
        f("date_of_birth", person.date_of_birth);
        f("updated_at", person.updated_at);
    }
};

// Money goes to this number, so its owner hears of a change by other means than the app.
void tell_of_new_phone(Call& call, const identity::Person& person) {
    auto notice = notice_to(person, "phone_changed", {notifications::Channel::email});
    notice.variables.push_back({"phone", person.phone});
    services_of(call).notifier.notify(call.tx, notice);
}

UpdatedView update_profile(Call& call, const ProfileRequest& request) {
    if (request.changes.date_of_birth) require_adult(call.tx, *request.changes.date_of_birth);
    const auto before = identity::person_of(call.tx, call.actor().user_id);
    const auto person = identity::update_person(call.tx, before.id, request.changes);
    const bool is_other_phone = person.phone != before.phone;
    if (is_other_phone) tell_of_new_phone(call, person);
    note(call, person.id, "profile.update", "user:" + person.id.text(),
         {{"phone_changed", json::Value(is_other_phone)}});
    return {person};
}

}  // namespace

void require_adult(Tx& tx, const Date& date_of_birth) {
    const Date today = lending::today_of(tx);
    require_field(date_of_birth < today && date_of_birth >= oldest_birth, "date_of_birth", "invalid",
                  "Date of birth must be a day in the past.");
    require_field(date_of_birth.plus_months(adult_months) <= today, "date_of_birth", "too_young",
                  "You must be at least 18 years old.");
}

void check_name(Reading& reading, const char* field, std::string_view name) {
    const bool is_plain =
        std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
    if (is_plain && (name.empty() || name.find_first_not_of(' ') != std::string_view::npos)) return;
    reading.path = field;
    reading.fail("invalid", "Must be a name without line ends and other control characters.");
}

void mount_profile(Api& api) {
    api.section("Users");
    api.get("/users/profile/", show_profile).named("profile_show").summary("Show your profile");
    api.put("/users/profile/", update_profile)
        .named("profile_update")
        .summary("Change your profile; what is left out stays as it is")
        .says("Profile updated successfully");
}

}  // namespace pamoja::faces::flexifinance
