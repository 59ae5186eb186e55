#pragma once
#include <string>
#include <vector>

#include "db/tenants_with.hpp"

namespace pamoja::audit {

// Links entries that are not yet in the tenant's hash chain into it, oldest first, and returns how many. Each
// link's hash covers the entry and the link before it. For a background pass; loses against a parallel one by
// Failure(unavailable).
std::int64_t seal(Tx&, std::int64_t entries_max = 1000);

// The tenants for which seal has work. In a transaction of every_tenant().
std::vector<TenantId> tenants_to_seal(Tx&, const TenantSlice&);

struct ChainHead {
    std::int64_t number = 0;  // 0: nothing is sealed yet
    std::string hash;         // hex
};
// To be kept elsewhere: whoever can rewrite the whole database could rewrite the chain, but not that.
ChainHead head_of(Tx&);

// What is wrong with the tenant's log, a sentence each (at most 100); empty when every entry is sealed or
// waits for it and the chain holds.
std::vector<std::string> check(Tx&);

}  // namespace pamoja::audit
