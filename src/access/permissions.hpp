#pragma once
#include <string>
#include <vector>

#include "access/decision.hpp"
#include "db/tx.hpp"

namespace pamoja::access {

inline constexpr Reason permission_taken{FailureKind::conflict, "permission_taken"};

using PermissionId = Id<struct PermissionTag>;

struct NewPermission {
    std::string name;      // "booking.cancel"
    std::string resource;  // "booking", or "*" for every one
    std::string action;    // "cancel", or "*"
    std::string description{};

    void describe(Fields&);
};

// The right to do something to a kind of thing. Roles hold permissions.
struct Permission {
    PermissionId id;
    NewPermission what;
    bool is_declared = true;  // false: it came with a role that names it
    Timestamp created_at;

    void describe(Fields&);
};

// Adds a permission. One that came with a role is declared by this, as long as it means the same. Throws
// forbidden unless `by` holds what it allows, permission_taken when the name is declared or means something
// else.
Permission declare_permission(Tx&, const Subject& by, const NewPermission&);

// Those of these names. A name of the form resource.action that is not there yet is added. Throws
// validation_failed for other unknown names; the error's field is permissions[N].
std::vector<Permission> permissions_named(Tx&, const std::vector<std::string>& names);

Page<Permission> permissions(Tx&, const PageRequest&);  // in order of name

// Throws forbidden unless the subject holds all of them: nobody hands out what they do not have.
void require_holds(Tx&, const Subject&, const std::vector<Permission>&);

}  // namespace pamoja::access
