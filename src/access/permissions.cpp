#include "access/permissions.hpp"

#include <algorithm>

#include "access/internal/state.hpp"

namespace pamoja::access {
namespace {

constexpr std::int64_t permissions_max = 10'000;

std::optional<Permission> permission_named(Tx& tx, const std::string& name) {
    return tx.maybe<Permission>("FROM permissions WHERE tenant_id = :tenant AND name = $1", name);
}

bool is_name(std::string_view text) {
    if (text == everything) return true;
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.' || c == ':';
    });
}

// What a name of the form resource.action means; empty for others.
std::optional<NewPermission> meaning_of(const std::string& name) {
    if (name == everything) return NewPermission{name, name, name};
    const auto dot = name.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    NewPermission meaning{name, name.substr(0, dot), name.substr(dot + 1)};
    if (!is_name(meaning.resource) || !is_name(meaning.action)) return std::nullopt;
    return meaning;
}

void require_room(Tx& tx) {
    const auto count = *tx.value<std::int64_t>("SELECT COUNT(*) FROM permissions WHERE tenant_id = :tenant");
    require(count < permissions_max, conflict, "There is no room for more permissions.");
}

Permission added(Tx& tx, const NewPermission& what, bool is_declared) {
    require_room(tx);
    Permission permission{tx.new_id<PermissionId>(), what, is_declared, tx.now()};
    tx.insert("permissions", permission);
    return permission;
}

[[noreturn]] void refuse_taken() {
    const std::string message = "There is a permission of this name already.";
    throw Failure(permission_taken, message, {{"name", message, "already_exists"}});
}

void declare(Tx& tx, Permission& permission, const std::string& description) {
    permission.is_declared = true;
    permission.what.description = description;
    tx.run("UPDATE permissions SET is_declared = $1, description = $2 WHERE tenant_id = :tenant AND id = $3",
           true, description, permission.id);
}

}  // namespace

void NewPermission::describe(Fields& f) {
    f("name", name).length(1, 200);
    f("resource", resource).length(1, 100);
    f("action", action).length(1, 100);
    f.optional("description", description).length(0, 1000);
}

void Permission::describe(Fields& f) {
    f("id", id);
    f.include(what);
    f("is_declared", is_declared);
    f("created_at", created_at);
}

Permission declare_permission(Tx& tx, const Subject& by, const NewPermission& wanted) {
    require_field(is_name(wanted.name), "name", "invalid", "Names have letters, digits, dots and dashes.");
    require_field(is_name(wanted.resource), "resource", "invalid", "This is no name of a resource.");
    require_field(is_name(wanted.action), "action", "invalid", "This is no name of an action.");
    require_holds(tx, by, {{PermissionId(), wanted, true, tx.now()}});
    auto found = permission_named(tx, wanted.name);
    if (!found) return added(tx, wanted, true);
    const bool is_same = found->what.resource == wanted.resource && found->what.action == wanted.action;
    if (found->is_declared || !is_same) refuse_taken();
    declare(tx, *found, wanted.description);
    return std::move(*found);
}

std::vector<Permission> permissions_named(Tx& tx, const std::vector<std::string>& names) {
    std::vector<Permission> found;
    std::vector<FieldError> errors;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool is_again = std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i),
                                        names[i]) != names.begin() + static_cast<std::ptrdiff_t>(i);
        if (is_again) continue;
        auto permission = permission_named(tx, names[i]);
        const auto meaning = permission ? std::nullopt : meaning_of(names[i]);
        if (meaning) permission = added(tx, *meaning, false);
        if (permission)
            found.push_back(std::move(*permission));
        else
            errors.push_back(
                {"permissions[" + std::to_string(i) + "]", "There is no such permission.", "not_found"});
    }
    if (!errors.empty()) throw Failure(validation_failed, "There is no such permission.", std::move(errors));
    return found;
}

Page<Permission> permissions(Tx& tx, const PageRequest& request) {
    return tx.page<Permission>(request, "FROM permissions WHERE tenant_id = :tenant", "name, id");
}

void require_holds(Tx& tx, const Subject& subject, const std::vector<Permission>& wanted) {
    const auto set = policy_set(tx);
    for (const auto& permission : wanted) {
        require(set->has_permission(subject, permission.what.resource, permission.what.action), forbidden,
                "You cannot give what you do not have: " + permission.what.name + ".");
    }
}

}  // namespace pamoja::access
