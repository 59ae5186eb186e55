#include "access/permissions.hpp"

#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/views.hpp"

namespace pamoja::faces::upflame {
namespace {

struct PermissionView {
    access::Permission permission;

    void describe(Fields& f) {
        f("id", permission.id);
        f.include(permission.what);
        f("created_at", permission.created_at);
    }
};

PermissionView create_permission(Call& call, const access::NewPermission& request) {
    auto permission = access::declare_permission(call.tx, subject_of(call), request);
    note(call, call.actor().user_id, "permission.create", "permission:" + permission.id.text());
    return {std::move(permission)};
}

Listed<PermissionView> list_permissions(Call& call, const PageQuery& query) {
    return listed<PermissionView>(access::permissions(call.tx, query.request()));
}

}  // namespace

void mount_permissions(Api& api) {
    api.section("Permissions & Policies");
    api.post("/permissions", create_permission)
        .named("permission_create")
        .summary("Name a right to do something to a kind of thing")
        .needs("permission.create")
        .idempotent()
        .created();
    api.get("/permissions", list_permissions)
        .named("permission_list")
        .summary("The tenant's permissions, in order of name")
        .needs("permission.read")
        .addition();
}

}  // namespace pamoja::faces::upflame
