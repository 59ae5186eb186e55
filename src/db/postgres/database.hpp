#pragma once
#include <memory>

#include "db/database.hpp"

namespace pamoja::postgres {

// Connects to "postgresql://…" with a pool of connections, each on its own thread.
std::unique_ptr<Database> open(const std::string& url, const Clock&, Random&);

}  // namespace pamoja::postgres
