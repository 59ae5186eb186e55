#pragma once
#include "workflows/progress.hpp"

namespace pamoja::workflows {

// Writes a run that has just been started.
void insert_instance(Tx&, const Instance&);
// Writes the run and the steps that a plan names, if the run is still at `from_version`; false when not.
[[nodiscard]] bool update_instance(Tx&, const Instance&, const Plan&, std::int64_t from_version);
void insert_history(Tx&, const Instance&, const Plan&, const UserId& actor);

}  // namespace pamoja::workflows
