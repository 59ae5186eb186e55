#pragma once
#include <string>
#include <vector>

#include "db/database.hpp"

namespace pamoja::app {

// Every invariant of every tenant, in sentences; empty when all hold. Reads only.
std::vector<std::string> check_everything(Database&);

}  // namespace pamoja::app
