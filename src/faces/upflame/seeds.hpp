#pragma once
#include "db/tx.hpp"

namespace pamoja::faces::upflame {

// What every tenant has from its first day: the permissions of the platform's own operations, the roles
// Customer, Provider and Admin. Idempotent: what is there already stays as the tenant has made it.
void seed_tenant(Tx&);

}  // namespace pamoja::faces::upflame
