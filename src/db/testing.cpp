#include "db/testing.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "db/postgres/address.hpp"
#include "db/postgres/connection.hpp"

namespace pamoja::testing {
namespace {

const char* postgres_url() {
    return std::getenv("PAMOJA_TEST_PG");
}

std::string temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "pamoja-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    return name;
}

// The server's URL with another database in it.
std::string url_of(const std::string& database) {
    const std::string url = postgres_url();
    const auto question = std::min(url.find('?'), url.size());
    const auto path = std::min(url.find('/', url.find("://") + 3), question);
    // Few connections, because opening them takes longer than most tests.
    const std::string options = question == url.size() ? "?pool=8" : url.substr(question) + "&pool=8";
    return url.substr(0, path) + "/" + database + options;
}

void run_on_server(const std::string& sql) {
    const auto server = postgres::parse_address(postgres_url()).url;
    postgres::PostgresConnection(server).execute(sql, {}, every_tenant());
}

// Without force, which only a superuser may use against an autovacuum worker: the plain form sends those
// away by itself and waits for our own connections to end.
void drop(const std::string& name) {
    run_on_server("DROP DATABASE IF EXISTS " + name);
}

std::string fresh_name() {
    SystemRandom random;
    return "pamoja_test_" + std::to_string(getpid()) + "_" + random.hex(6);
}

// A migrated database to copy, made once in each process: copying is much faster than migrating.
class Template {
  public:
    Template() {
        // The order of text must not depend on the server's language, as it does not on SQLite.
        run_on_server("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        ManualClock clock(Timestamp::from_seconds(0));
        SeededRandom random(0);
        open_database(url_of(name), clock, random)->migrate();
    }
    ~Template() {
        try {
            drop(name);
        } catch (const std::exception&) {
            // The server may be gone before the tests are; nothing is left to clean up then.
        }
    }

    const std::string name = fresh_name();
};

std::string copy_of_template() {
    static const Template original;
    std::string name = fresh_name();
    run_on_server("CREATE DATABASE " + name + " TEMPLATE " + original.name);
    return name;
}

}  // namespace

std::vector<Engine> engines() {
    if (postgres_url() == nullptr) return {Engine::sqlite};
    return {Engine::sqlite, Engine::postgres};
}

const char* name_of(Engine engine) {
    return engine == Engine::sqlite ? "sqlite" : "postgres";
}

TestDatabase::TestDatabase(Engine engine, std::uint64_t seed) : random(seed) {
    if (engine == Engine::postgres) {
        name_ = copy_of_template();
        url = url_of(name_);
    } else {
        folder_ = temporary_folder();
        url = "sqlite:" + folder_ + "/pamoja.db";
    }
    database = open_database(url, clock, random);
    if (engine == Engine::sqlite) database->migrate();
}

TestDatabase::~TestDatabase() {
    database.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
    if (!name_.empty()) drop(name_);
}

}  // namespace pamoja::testing
