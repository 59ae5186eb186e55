#include "access/role_definitions.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/face.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/views.hpp"
#include "identity/passwords.hpp"

namespace pamoja::faces::upflame {
namespace {

constexpr Reason own_account{FailureKind::conflict, "own_account"};

struct NewUserRequest {
    identity::NewPerson person;
    std::string password;

    void describe(Fields& f) {
        f("email", person.email).email();
        f("password", password).length(1, 1000).secret();
        f("first_name", person.first_name).length(1, 100);
        f("last_name", person.last_name).length(1, 100);
        f.optional("phone", person.phone).phone();
    }
};

struct NewUserView {
    identity::Person person;

    void describe(Fields& f) {
        f("id", person.id);
        f("email", person.email);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("phone", person.phone);
        f("status", person.status);
        f("created_at", person.created_at);
    }
};

std::vector<std::string> words_of(const NewUserRequest& request) {
    identity::Person person;
    person.email = identity::normalize_email(request.person.email);
    person.phone = request.person.phone;
    person.first_name = request.person.first_name;
    person.last_name = request.person.last_name;
    return identity::personal_words(person);
}

identity::PreparedPassword prepare_user(Outside& outside, const NewUserRequest& request) {
    return identity::prepare_password(request.password, words_of(request), outside.services.random);
}

NewUserView create_user(Call& call, const NewUserRequest& request,
                        const identity::PreparedPassword& password) {
    auto wanted = request.person;
    wanted.status = identity::PersonStatus::pending;
    wanted.phone_field = "phone";
    const auto person = identity::register_person(call.tx, wanted);
    identity::set_password(call.tx, person.id, password);
    note(call, call.actor().user_id, "user.create", "user:" + person.id.text());
    return {person};
}

struct UserQuery {
    std::string search;
    std::optional<identity::PersonStatus> status;
    PageQuery page;

    void describe(Fields& f) {
        f.optional("search", search).length(0, 100);
        f("status", status);
        f.include(page);
    }
};

Listed<NewUserView> list_users(Call& call, const UserQuery& query) {
    return listed<NewUserView>(identity::people(call.tx, query.search, query.status, query.page.request()));
}

struct RoleOfUserView {
    access::Role role;

    void describe(Fields& f) {
        f("id", role.id);
        f("name", role.what.name);
        f("role_family", role.what.family);
    }
};

struct UserView {
    NewUserView user;
    std::vector<RoleOfUserView> roles;

    void describe(Fields& f) {
        f.include(user);
        f("roles", roles);
    }
};

UserView view_of(Call& call, const identity::Person& person) {
    UserView view{{person}, {}};
    for (const auto& role : access::roles_held_by(call.tx, person.id)) view.roles.push_back({role});
    return view;
}

// Everybody may see themselves; for others it takes a permission, and without it they do not exist.
UserView show_user(Call& call) {
    const auto id = call.path<UserId>();
    const bool is_self = id == call.actor().user_id;
    require(is_self || may(call, "user", "read"), not_found, "There is no such user.");
    return view_of(call, identity::person_of(call.tx, id));
}

enum class SettableStatus { active, disabled };
constexpr std::array<const char*, 2> names(SettableStatus) {
    return {"active", "disabled"};
}

struct UserChangeRequest {
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> phone;
    std::optional<SettableStatus> status;

    void describe(Fields& f) {
        f("first_name", first_name).length(1, 100);
        f("last_name", last_name).length(1, 100);
        f("phone", phone).phone();
        f("status", status);
    }
};

void change_status(Call& call, const UserId& id, SettableStatus status) {
    require(id != call.actor().user_id, own_account, "You cannot change your own status.");
    identity::set_person_status(
        call.tx, id,
        status == SettableStatus::active ? identity::PersonStatus::active : identity::PersonStatus::disabled);
}

UserView change_user(Call& call, const UserChangeRequest& request) {
    const auto id = call.path<UserId>();
    const bool is_manager = may(call, "user", "update");
    require(is_manager || id == call.actor().user_id, not_found, "There is no such user.");
    require(is_manager || !request.status, forbidden, "You do not have permission to do this.");
    identity::PersonChanges changes;
    changes.first_name = request.first_name;
    changes.last_name = request.last_name;
    changes.phone = request.phone;
    changes.phone_field = "phone";
    identity::update_person(call.tx, id, changes);
    if (request.status) change_status(call, id, *request.status);
    note(call, call.actor().user_id, "user.update", "user:" + id.text());
    return view_of(call, identity::person_of(call.tx, id));
}

}  // namespace

void mount_users(Api& api) {
    api.section("Users & Roles");
    api.post("/users", prepare_user, create_user)
        .named("user_create")
        .summary("Add a user, who is pending until the first sign-in")
        .needs("user.create")
        .on(Pool::cpu)
        .idempotent()
        .created();
    api.get("/users", list_users)
        .named("user_list")
        .summary("The tenant's users")
        .needs("user.read")
        .addition();
    api.get("/users/{id}", show_user).named("user_show").summary("One user with their roles");
    api.put("/users/{id}", change_user)
        .named("user_update")
        .summary("Change a user, or disable them")
        .addition();
}

}  // namespace pamoja::faces::upflame
