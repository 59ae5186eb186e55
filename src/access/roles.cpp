#include "access/roles.hpp"

namespace pamoja::access {
namespace {

struct Grant {
    std::string role;
    void describe(Fields& f) { f("role", role); }
};

struct Holder {
    UserId user_id;
    void describe(Fields& f) { f("user_id", user_id); }
};

}  // namespace

void grant_role(Tx& tx, const UserId& user, std::string_view role, const UserId& by) {
    tx.run(
        "INSERT INTO role_grants (tenant_id, user_id, role, granted_by, granted_at) "
        "VALUES (:tenant, $1, $2, $3, $4) ON CONFLICT (tenant_id, user_id, role) DO NOTHING",
        user, role, by, tx.now());
}

void revoke_role(Tx& tx, const UserId& user, std::string_view role) {
    tx.run("DELETE FROM role_grants WHERE tenant_id = :tenant AND user_id = $1 AND role = $2", user, role);
}

std::vector<std::string> roles_of(Tx& tx, const UserId& user) {
    std::vector<std::string> roles;
    for (auto& grant :
         tx.all<Grant>("FROM role_grants WHERE tenant_id = :tenant AND user_id = $1 ORDER BY role", user)) {
        roles.push_back(std::move(grant.role));
    }
    return roles;
}

bool has_role(Tx& tx, const UserId& user, std::string_view role) {
    return tx
        .value<std::string>(
            "SELECT role FROM role_grants WHERE tenant_id = :tenant AND user_id = $1 AND role = $2", user,
            role)
        .has_value();
}

std::vector<UserId> people_with_role(Tx& tx, std::string_view role) {
    std::vector<UserId> people;
    for (auto& holder :
         tx.all<Holder>("FROM role_grants WHERE tenant_id = :tenant AND role = $1 ORDER BY user_id", role)) {
        people.push_back(std::move(holder.user_id));
    }
    return people;
}

}  // namespace pamoja::access
