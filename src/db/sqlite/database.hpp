#pragma once
#include <memory>

#include "db/database.hpp"

namespace pamoja::sqlite {

// Opens a database file, creating it when it is not there. One writer thread commits in groups; a few threads
// read.
std::unique_ptr<Database> open(const std::string& path, const Clock&, Random&);

}  // namespace pamoja::sqlite
