#include "db/postgres/database.hpp"

namespace pamoja::postgres {

std::unique_ptr<Database> open(const std::string&, const Clock&, Random&) {
    throw std::runtime_error("PostgreSQL is not supported yet");
}

}  // namespace pamoja::postgres
