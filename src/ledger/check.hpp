#pragma once
#include <string>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::ledger {

// Recomputes the tenant's books from its entries and says in sentences what does not hold: sums per
// transaction and currency, balances, holds, floors, snapshots, reversals, references, the chain. Empty when
// all is well. Runs in bounded memory, in a read transaction; every rule reports at most twenty cases.
std::vector<std::string> check(Tx&);

}  // namespace pamoja::ledger
