#include "access/internal/state.hpp"

#include <list>
#include <mutex>

#include "access/policies.hpp"
#include "base/hex.hpp"
#include "crypto/digest.hpp"

namespace pamoja::access {
namespace {

constexpr std::size_t cache_bytes_max = 64 << 20;

// Compiled sets by the digest of what they were compiled from, the least recently used of which go first.
class Cache {
  public:
    std::shared_ptr<const PolicySet> find(const std::string& digest) {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(digest);
        if (found == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->set;
    }

    void keep(const std::string& digest, std::shared_ptr<const PolicySet> set) {
        const std::lock_guard lock(mutex_);
        if (places_.contains(digest)) return;
        bytes_ += entry_bytes + set->bytes();
        entries_.push_front({digest, std::move(set)});
        places_.emplace(digest, entries_.begin());
        while (bytes_ > cache_bytes_max && entries_.size() > 1) forget_oldest();
    }

  private:
    struct Entry {
        std::string digest;
        std::shared_ptr<const PolicySet> set;
    };
    static constexpr std::size_t entry_bytes = 512;

    void forget_oldest() {
        bytes_ -= entry_bytes + entries_.back().set->bytes();
        places_.erase(entries_.back().digest);
        entries_.pop_back();
    }

    std::mutex mutex_;
    std::list<Entry> entries_;
    std::unordered_map<std::string, std::list<Entry>::iterator> places_;
    std::size_t bytes_ = 0;
};

Cache& cache() {
    static Cache cache;
    return cache;
}

struct StoredPermission {
    RolePermission permission;

    void describe(Fields& f) {
        f("roles.name", permission.role);
        f("permissions.name", permission.permission);
        f("permissions.resource", permission.resource);
        f("permissions.action", permission.action);
    }
};

std::shared_ptr<const PolicySet> load(Tx& tx) {
    std::vector<RolePermission> permissions;
    for (auto& stored : tx.all<StoredPermission>(
             "FROM role_permissions JOIN roles ON roles.tenant_id = role_permissions.tenant_id "
             "AND roles.id = role_permissions.role_id JOIN permissions "
             "ON permissions.tenant_id = role_permissions.tenant_id "
             "AND permissions.id = role_permissions.permission_id "
             "WHERE role_permissions.tenant_id = :tenant ORDER BY roles.name, permissions.name")) {
        permissions.push_back(std::move(stored.permission));
    }
    return std::make_shared<const PolicySet>(enabled_rules(tx), std::move(permissions));
}

std::string digest_of_state(Tx& tx) {
    return tx.value<std::string>("SELECT digest FROM access_states WHERE tenant_id = :tenant").value_or("");
}

}  // namespace

void note_change(Tx& tx, std::string_view what) {
    const auto digest = to_hex(crypto::sha256(digest_of_state(tx) + "\n" + std::string(what)));
    tx.run(
        "INSERT INTO access_states (tenant_id, digest, changed_at) VALUES (:tenant, $1, $2) "
        "ON CONFLICT (tenant_id) DO UPDATE SET digest = excluded.digest, changed_at = excluded.changed_at",
        digest, tx.now());
}

std::shared_ptr<const PolicySet> policy_set(Tx& tx) {
    static const auto nothing =
        std::make_shared<const PolicySet>(std::vector<Rule>(), std::vector<RolePermission>());
    const auto digest = digest_of_state(tx);
    if (digest.empty()) return nothing;
    if (auto found = cache().find(digest)) return found;
    auto loaded = load(tx);
    cache().keep(digest, loaded);
    return loaded;
}

}  // namespace pamoja::access
