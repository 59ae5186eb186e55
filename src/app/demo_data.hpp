#pragma once
#include "app/server.hpp"

namespace pamoja::app {

// The people and products that the documents promise for trying things out. `pamoja dev` only; what is there
// already is left as it is.
void ensure_demo_data(PamojaServer&);

}  // namespace pamoja::app
