#include "access/role_definitions.hpp"

#include <algorithm>

#include "access/internal/state.hpp"
#include "access/roles.hpp"

namespace pamoja::access {
namespace {

constexpr std::int64_t roles_max = 1000;
constexpr std::size_t permissions_of_role_max = 500;

struct RolePermissionRow {
    RoleId role_id;
    PermissionId permission_id;

    void describe(Fields& f) {
        f("role_id", role_id);
        f("permission_id", permission_id);
    }
};

std::vector<Permission> permission_rows_of(Tx& tx, const RoleId& role) {
    return tx.all<Permission>(
        "FROM permissions WHERE tenant_id = :tenant AND id IN (SELECT permission_id FROM role_permissions "
        "WHERE tenant_id = :tenant AND role_id = $1) ORDER BY name, id",
        role);
}

void set_permissions(Tx& tx, const Role& role, const std::vector<Permission>& permissions) {
    tx.run("DELETE FROM role_permissions WHERE tenant_id = :tenant AND role_id = $1", role.id);
    std::vector<RolePermissionRow> rows;
    std::string what = "role " + json::quoted(role.what.name);
    for (const auto& permission : permissions) {
        rows.push_back({role.id, permission.id});
        what += " " + json::quoted(permission.what.name) + " " + json::quoted(permission.what.resource) +
                " " + json::quoted(permission.what.action);
    }
    if (!rows.empty()) tx.insert_all("role_permissions", rows);
    note_change(tx, what);
}

std::vector<Permission> wanted_permissions(Tx& tx, const std::vector<std::string>& names) {
    require_field(names.size() <= permissions_of_role_max, "permissions", "too_long",
                  "A role has at most 500 permissions.");
    return permissions_named(tx, names);
}

bool is_for_everything(const std::vector<Permission>& permissions) {
    return std::ranges::any_of(permissions, [](const Permission& permission) {
        return permission.what.resource == everything && permission.what.action == everything;
    });
}

void require_changeable(const std::vector<Permission>& permissions) {
    require(!is_for_everything(permissions), role_protected,
            "A role that may do everything cannot be changed or removed.");
}

Role inserted(Tx& tx, const RoleId& id, const NewRole& wanted) {
    return {id.empty() ? tx.new_id<RoleId>() : id, wanted, tx.now(), tx.now()};
}

}  // namespace

void NewRole::describe(Fields& f) {
    f("name", name).length(1, 100);
    f("role_family", family);
    f.optional("description", description).length(0, 1000);
}

void Role::describe(Fields& f) {
    f("id", id);
    f.include(what);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

Role create_role(Tx& tx, const Subject& by, const NewRole& wanted, const std::vector<std::string>& names) {
    const auto count = *tx.value<std::int64_t>("SELECT COUNT(*) FROM roles WHERE tenant_id = :tenant");
    require(count < roles_max, conflict, "There is no room for more roles.");
    const auto permissions = wanted_permissions(tx, names);
    require_holds(tx, by, permissions);
    // A grant of that name may be older than the role and would get its permissions.
    const bool is_free = !role_named(tx, wanted.name) && people_with_role(tx, wanted.name).empty();
    if (!is_free) {
        const std::string message = "There is a role of this name already.";
        throw Failure(role_taken, message, {{"name", message, "already_exists"}});
    }
    const Role role = inserted(tx, RoleId(), wanted);
    tx.insert("roles", role);
    set_permissions(tx, role, permissions);
    return role;
}

Role ensure_role(Tx& tx, const RoleId& id, const NewRole& wanted, const std::vector<std::string>& names) {
    if (auto found = role_named(tx, wanted.name)) return std::move(*found);
    const Role role = inserted(tx, id, wanted);
    const auto permissions = wanted_permissions(tx, names);
    tx.insert("roles", role);
    set_permissions(tx, role, permissions);
    return role;
}

Role update_role(Tx& tx, const Subject& by, const RoleId& id, const RoleChanges& changes) {
    Role role = role_with(tx, id);
    const auto before = permission_rows_of(tx, id);
    require_holds(tx, by, before);
    require_changeable(before);
    if (changes.family) role.what.family = *changes.family;
    if (changes.description) role.what.description = *changes.description;
    role.updated_at = tx.now();
    tx.run(
        "UPDATE roles SET role_family = $1, description = $2, updated_at = $3 "
        "WHERE tenant_id = :tenant AND id = $4",
        role.what.family, role.what.description, role.updated_at, role.id);
    if (changes.permissions) {
        const auto permissions = wanted_permissions(tx, *changes.permissions);
        require_holds(tx, by, permissions);
        set_permissions(tx, role, permissions);
    }
    return role;
}

void remove_role(Tx& tx, const Subject& by, const RoleId& id) {
    const Role role = role_with(tx, id);
    const auto permissions = permission_rows_of(tx, id);
    require_holds(tx, by, permissions);
    require_changeable(permissions);
    set_permissions(tx, role, {});
    tx.run("DELETE FROM role_grants WHERE tenant_id = :tenant AND role = $1", role.what.name);
    tx.run("DELETE FROM roles WHERE tenant_id = :tenant AND id = $1", id);
}

void give_role(Tx& tx, const Subject& by, const UserId& user, const RoleId& id) {
    const Role role = role_with(tx, id);
    require_holds(tx, by, permission_rows_of(tx, id));
    grant_role(tx, user, role.what.name, by.id);
}

void take_role(Tx& tx, const Subject& by, const UserId& user, const RoleId& id) {
    const Role role = role_with(tx, id);
    const auto permissions = permission_rows_of(tx, id);
    require(has_role(tx, user, role.what.name), not_found, "This user does not have this role.");
    require_holds(tx, by, permissions);
    require(!is_for_everything(permissions) || people_with_role(tx, role.what.name).size() > 1,
            role_protected, "Somebody has to keep this role: give it to another user first.");
    revoke_role(tx, user, role.what.name);
}

Role role_with(Tx& tx, const RoleId& id) {
    auto found = tx.maybe<Role>("FROM roles WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such role.");
    return std::move(*found);
}

std::optional<Role> role_named(Tx& tx, std::string_view name) {
    return tx.maybe<Role>("FROM roles WHERE tenant_id = :tenant AND name = $1", name);
}

Page<Role> roles(Tx& tx, const PageRequest& request) {
    return tx.page<Role>(request, "FROM roles WHERE tenant_id = :tenant", "created_at, id");
}

std::vector<Role> roles_held_by(Tx& tx, const UserId& user) {
    return tx.all<Role>(
        "FROM roles WHERE tenant_id = :tenant AND name IN (SELECT role FROM role_grants "
        "WHERE tenant_id = :tenant AND user_id = $1) ORDER BY created_at, id",
        user);
}

std::vector<std::string> permissions_of(Tx& tx, const RoleId& role) {
    std::vector<std::string> names;
    for (auto& permission : permission_rows_of(tx, role)) names.push_back(std::move(permission.what.name));
    return names;
}

}  // namespace pamoja::access
