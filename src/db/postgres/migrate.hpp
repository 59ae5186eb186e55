#pragma once
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "db/postgres/connection.hpp"

namespace pamoja::postgres {

// Applies the missing migrations, each in one transaction, and row-level security. Several processes may
// start at once: one does the work, the others wait for it.
void migrate(const std::string& url, const Clock&, Random&);

// Lets the rows of each table be seen and written only by transactions of their own tenant, and of
// every_tenant(). A second lock behind :tenant, for the owner of the tables too; superusers pass it.
void protect_tenant_rows(PostgresConnection&, std::span<const std::string> tables);

}  // namespace pamoja::postgres
