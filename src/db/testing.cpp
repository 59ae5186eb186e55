#include "db/testing.hpp"

#include <cstdlib>
#include <filesystem>

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

}  // namespace

std::vector<Engine> engines() {
    if (postgres_url() == nullptr) return {Engine::sqlite};
    return {Engine::sqlite, Engine::postgres};
}

const char* name_of(Engine engine) {
    return engine == Engine::sqlite ? "sqlite" : "postgres";
}

TestDatabase::TestDatabase(Engine engine, std::uint64_t seed) : random(seed) {
    if (engine != Engine::sqlite) throw std::runtime_error("PostgreSQL is not supported yet");
    folder_ = temporary_folder();
    url = "sqlite:" + folder_ + "/pamoja.db";
    database = open_database(url, clock, random);
    database->migrate();
}

TestDatabase::~TestDatabase() {
    database.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

}  // namespace pamoja::testing
