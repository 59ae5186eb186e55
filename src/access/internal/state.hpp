#pragma once
#include <memory>

#include "access/policy_set.hpp"

namespace pamoja::access {

// Notes a change of the tenant's roles, permissions or policies: `what` tells all of it that decisions depend
// on. To be called in the same breath as the change, before anything is decided.
void note_change(Tx&, std::string_view what);

// The tenant's rules as they stand in this transaction. What was compiled is kept in memory under the digest
// of the tenant's state, which the transaction reads: a change holds from its commit on, in every process.
std::shared_ptr<const PolicySet> policy_set(Tx&);

}  // namespace pamoja::access
