#pragma once
#include <memory>

#include "db/database.hpp"

namespace pamoja::postgres {

// Connects to "postgresql://…" with a pool of connections, each on its own thread; the URL's option `pool`
// says how many (24 unless told), a third of them for reads. Throws std::runtime_error when the server does
// not take a connection. A server that goes away later is Failure(unavailable) until it is back.
std::unique_ptr<Database> open(const std::string& url, const Clock&, Random&);

}  // namespace pamoja::postgres
