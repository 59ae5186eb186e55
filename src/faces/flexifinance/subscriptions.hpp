#pragma once
#include "faces/flexifinance/services.hpp"
#include "jobs/handlers.hpp"

namespace pamoja::faces::flexifinance {

// Tells borrowers what happens to their loans: each event of lending becomes a notice. The services must
// outlive the handlers.
void subscribe_notices(jobs::Handlers&, const FlexiServices&);

}  // namespace pamoja::faces::flexifinance
