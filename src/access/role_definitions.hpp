#pragma once
#include <array>
#include <string>
#include <vector>

#include "access/permissions.hpp"

namespace pamoja::access {

inline constexpr Reason role_taken{FailureKind::conflict, "role_taken"};
inline constexpr Reason role_protected{FailureKind::conflict, "role_protected"};

using RoleId = Id<struct RoleTag>;

enum class RoleFamily { provider, internal, customer };
// As they stand on the wire.
constexpr std::array<const char*, 3> names(RoleFamily) {
    return {"Provider", "Internal", "Customer"};
}

struct NewRole {
    std::string name;  // never changes: grants and conditions name it
    RoleFamily family = RoleFamily::customer;
    std::string description{};

    void describe(Fields&);
};

// A role of a tenant that is defined here: what it may do are its permissions. Roles that are only granted by
// name (roles.hpp) may do nothing here.
struct Role {
    RoleId id;
    NewRole what;
    Timestamp created_at;
    Timestamp updated_at;

    void describe(Fields&);
};

struct RoleChanges {
    std::optional<RoleFamily> family{};
    std::optional<std::string> description{};
    std::optional<std::vector<std::string>> permissions{};  // names: all of them
};

// Nobody makes, changes, grants or takes away a role that holds a permission which they do not hold
// themselves: forbidden. A role that may do everything cannot be changed or removed, and its last holder
// keeps it: role_protected.
Role create_role(Tx&, const Subject& by, const NewRole&, const std::vector<std::string>& permissions);
Role update_role(Tx&, const Subject& by, const RoleId&, const RoleChanges&);
void remove_role(Tx&, const Subject& by, const RoleId&);
void give_role(Tx&, const Subject& by, const UserId&, const RoleId&);
void take_role(Tx&, const Subject& by, const UserId&, const RoleId&);  // not_found when it is not held

// For what the system itself sets up: adds the role unless there is one of that name. An empty id gets a new
// one.
Role ensure_role(Tx&, const RoleId&, const NewRole&, const std::vector<std::string>& permissions);

Role role_with(Tx&, const RoleId&);  // throws not_found
std::optional<Role> role_named(Tx&, std::string_view name);
Page<Role> roles(Tx&, const PageRequest&);  // the oldest first
std::vector<Role> roles_held_by(Tx&, const UserId&);
std::vector<std::string> permissions_of(Tx&, const RoleId&);  // names, in order

}  // namespace pamoja::access
