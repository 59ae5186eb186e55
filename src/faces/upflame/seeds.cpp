#include "faces/upflame/seeds.hpp"

#include "access/role_definitions.hpp"
#include "faces/upflame/booking_notices.hpp"
#include "faces/upflame/workflow_actions.hpp"

namespace pamoja::faces::upflame {
namespace {

struct SeedRole {
    const char* name;
    access::RoleFamily family;
    const char* description;
    std::vector<std::string> permissions;
};

// What a customer or a provider may do to things of their own; for everybody's it takes "booking.read" and
// the like, which only administrators have.
const std::vector<SeedRole>& seed_roles() {
    static const std::vector<SeedRole> roles{
        {"Customer",
         access::RoleFamily::customer,
         "End customer role",
         {"booking.create", "booking.update", "booking.cancel"}},
        {"Provider",
         access::RoleFamily::provider,
         "Somebody who offers services",
         {"booking.confirm", "booking.decline", "booking.complete", "booking.cancel"}},
        {"Admin", access::RoleFamily::internal, "Administrator role", {"*"}},
    };
    return roles;
}

}  // namespace

void seed_tenant(Tx& tx) {
    for (const auto& role : seed_roles()) {
        access::ensure_role(tx, access::RoleId(), {role.name, role.family, role.description},
                            role.permissions);
    }
    seed_notification_templates(tx);
    seed_booking_templates(tx);
    seed_workflows(tx);
}

}  // namespace pamoja::faces::upflame
