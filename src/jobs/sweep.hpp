#pragma once
#include "db/tenants_with.hpp"
#include "jobs/handlers.hpp"

namespace pamoja::jobs {

// Recurring work that few of many tenants have at a time: sealing, expiry, forgetting. One job for the whole
// installation asks who has any, so a tenant where nothing happened costs nothing. What it finds is done in
// transactions of the tenants' own.
struct Sweep {
    Kind kind;      // in Lane::upkeep; also the name of its schedule
    Kind one_kind;  // in Lane::inside: takes over for one tenant whose turn failed, so that nobody waits for
                    // it
    Every when;
    // The tenants of a slice that have work, in order; in a read transaction of every_tenant(). What any of
    // them finds has its turn.
    std::vector<std::function<std::vector<TenantId>(Tx&, const TenantSlice&)>> finders;
    // A tenant's turn: a bounded part of its work. True when there is more; what a later turn finds is done
    // too.
    std::function<bool(Tx&)> turn;
};

void handle_sweep(Handlers&, const Sweep&);

}  // namespace pamoja::jobs
