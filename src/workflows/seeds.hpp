#pragma once
#include <vector>

#include "db/tx.hpp"
#include "workflows/definition.hpp"

namespace pamoja::workflows {

// The definitions that a tenant of Upflame's has from the start: workflow_def_123 and pandit_onboarding_def.
std::vector<Definition> seeded_definitions();

// Writes those that the tenant does not have yet.
void ensure_seeded(Tx&);

}  // namespace pamoja::workflows
