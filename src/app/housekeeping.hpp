#pragma once
#include "jobs/handlers.hpp"

namespace pamoja::app {

// The recurring work of the core, for the tenants that have any: sealing the chains, letting holds expire,
// forgetting what is old.
void handle_housekeeping(jobs::Handlers&);

}  // namespace pamoja::app
