#include "db/database.hpp"

#include "db/postgres/database.hpp"
#include "db/sqlite/database.hpp"

namespace pamoja {

std::unique_ptr<Database> open_database(const std::string& url, const Clock& clock, Random& random) {
    constexpr std::string_view sqlite_scheme = "sqlite:";
    if (url.starts_with(sqlite_scheme)) return sqlite::open(url.substr(sqlite_scheme.size()), clock, random);
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return postgres::open(url, clock, random);
    throw std::runtime_error("a database is named sqlite:PATH or postgresql://…, not " + url);
}

}  // namespace pamoja
