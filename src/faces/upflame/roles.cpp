#include "access/role_definitions.hpp"
#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"
#include "identity/people.hpp"

namespace pamoja::faces::upflame {
namespace {

struct NewRoleRequest {
    access::NewRole role;
    std::vector<std::string> permissions;

    void describe(Fields& f) {
        f.include(role);
        f.optional("permissions", permissions).length(0, 500);
    }
    // A grant is a name: one that the installation grants itself must not be made by a tenant.
    void check(Reading& reading) const {
        if (role.name == platform_admin)
            reading.errors.push_back({"name", "This name is reserved", "reserved"});
    }
};

struct RoleChangeRequest {
    access::RoleChanges changes;

    void describe(Fields& f) {
        f("role_family", changes.family);
        f("description", changes.description).length(0, 1000);
        f("permissions", changes.permissions);
    }
};

struct RoleView {
    access::Role role;

    void describe(Fields& f) {
        f("id", role.id);
        f.include(role.what);
        f("created_at", role.created_at);
    }
};

struct RoleWithPermissionsView {
    RoleView role;
    std::vector<std::string> permissions;

    void describe(Fields& f) {
        f.include(role);
        f("permissions", permissions);
    }
};

RoleWithPermissionsView view_of(Call& call, access::Role role) {
    auto permissions = access::permissions_of(call.tx, role.id);
    return {{std::move(role)}, std::move(permissions)};
}

RoleWithPermissionsView create_role(Call& call, const NewRoleRequest& request) {
    auto role = access::create_role(call.tx, subject_of(call), request.role, request.permissions);
    note(call, call.actor().user_id, "role.create", "role:" + role.id.text());
    return view_of(call, std::move(role));
}

Listed<RoleView> list_roles(Call& call, const PageQuery& query) {
    return listed<RoleView>(access::roles(call.tx, query.request()));
}

RoleWithPermissionsView show_role(Call& call) {
    return view_of(call, access::role_with(call.tx, call.path<access::RoleId>()));
}

RoleWithPermissionsView change_role(Call& call, const RoleChangeRequest& request) {
    const auto id = call.path<access::RoleId>();
    auto role = access::update_role(call.tx, subject_of(call), id, request.changes);
    note(call, call.actor().user_id, "role.update", "role:" + id.text());
    return view_of(call, std::move(role));
}

MessageView remove_role(Call& call) {
    const auto id = call.path<access::RoleId>();
    access::remove_role(call.tx, subject_of(call), id);
    note(call, call.actor().user_id, "role.remove", "role:" + id.text());
    return {"Role removed successfully"};
}

struct RoleAssignmentRequest {
    access::RoleId role_id;

    void describe(Fields& f) { f("role_id", role_id).length(1, 100); }
};

MessageView assign_role(Call& call, const RoleAssignmentRequest& request) {
    const auto user = identity::person_of(call.tx, call.path<UserId>());
    access::give_role(call.tx, subject_of(call), user.id, request.role_id);
    note(call, call.actor().user_id, "role.assign", "user:" + user.id.text(),
         {{"role_id", json::Value(request.role_id.text())}});
    return {"Role assigned successfully"};
}

MessageView withdraw_role(Call& call) {
    const auto user = identity::person_of(call.tx, call.path<UserId>());
    const auto role = call.path<access::RoleId>(1);
    access::take_role(call.tx, subject_of(call), user.id, role);
    note(call, call.actor().user_id, "role.withdraw", "user:" + user.id.text(),
         {{"role_id", json::Value(role.text())}});
    return {"Role removed from the user"};
}

void mount_assignments(Api& api) {
    api.post("/users/{id}/roles", assign_role)
        .named("user_role_assign")
        .summary("Give a user a role; nobody can give what they do not hold")
        .needs("role.assign")
        .idempotent();
    api.remove("/users/{id}/roles/{role_id}", withdraw_role)
        .named("user_role_remove")
        .summary("Take a role from a user")
        .needs("role.assign")
        .addition();
}

}  // namespace

void mount_roles(Api& api) {
    api.section("Users & Roles");
    api.post("/roles", create_role)
        .named("role_create")
        .summary("Add a role with permissions that you hold yourself")
        .needs("role.create")
        .idempotent()
        .created();
    api.get("/roles", list_roles)
        .named("role_list")
        .summary("The tenant's roles, the oldest first")
        .needs("role.read");
    api.get("/roles/{id}", show_role)
        .named("role_show")
        .summary("One role with its permissions")
        .needs("role.read")
        .addition();
    api.put("/roles/{id}", change_role)
        .named("role_update")
        .summary("Change what a role is and may do; its name stays")
        .needs("role.update")
        .addition();
    api.remove("/roles/{id}", remove_role)
        .named("role_remove")
        .summary("Remove a role from everybody who has it")
        .needs("role.update")
        .addition();
    mount_assignments(api);
}

}  // namespace pamoja::faces::upflame
