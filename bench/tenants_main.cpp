// Fills a database that no server is using with tenants of Upflame, each with one person, and measures what
// one core can do at most in sign-ins; prints one JSON object.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <latch>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "faces/upflame/seeds.hpp"
#include "identity/passwords.hpp"
#include "identity/tenants.hpp"

namespace pamoja::bench {
namespace {

constexpr std::string_view password = "Bench-Password-1";
constexpr int hashes_measured = 20;
constexpr int tenants_at_once = 200;

// Of this thread, in a second.
double hashes_per_second(Random& random) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < hashes_measured; ++i) identity::prepare_password(password, {}, random);
    const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - start;
    return hashes_measured / duration.count();
}

void make_tenant(Tx& tx, const identity::PreparedPassword& prepared) {
    identity::Tenant tenant;
    tenant.face = "upflame";
    tenant.name = "Customer " + tx.tenant().text();
    tenant.currency = Currency("INR");
    tenant.time_zone = "Asia/Kolkata";
    identity::NewPerson person;
    person.email = "person@" + tx.tenant().text() + ".example";
    person.first_name = "Asha";
    person.last_name = "Rao";
    identity::create_tenant_with_admin(tx, tenant, person, prepared);
    faces::upflame::seed_tenant(tx);
}

TenantId tenant_numbered(int number) {
    return TenantId("bench" + std::to_string(number));
}

// Many at once; those that gave up because of the others are made again, one by one.
void make_tenants(Database& database, int first, int last, const identity::PreparedPassword& prepared) {
    const auto make = [&](Tx& tx) { make_tenant(tx, prepared); };
    std::latch made(last - first);
    std::mutex mutex;
    std::vector<int> failed;
    for (int number = first; number < last; ++number) {
        database.submit_write(tenant_numbered(number), make, [&, number](const std::exception_ptr& error) {
            if (error) {
                const std::lock_guard lock(mutex);
                failed.push_back(number);
            }
            made.count_down();
        });
    }
    made.wait();
    for (const int number : failed) database.write(tenant_numbered(number), make);
}

void run(const std::string& url, int first, int count) {
    SystemClock clock;
    SystemRandom random;
    const double rate = hashes_per_second(random);
    const auto prepared = identity::prepare_password(password, {}, random);
    const auto database = open_database(url, clock, random);
    database->migrate();
    for (int number = first; number < count; number += tenants_at_once)
        make_tenants(*database, number, std::min(count, number + tenants_at_once), prepared);
    std::printf("{\"hashes_per_core\": %.2f}\n", rate);
}

}  // namespace
}  // namespace pamoja::bench

int main(int argc, char** argv) {
    CLI::App program("Makes tenants for the benchmarks", "pamoja_tenants_bench");
    std::string url;
    int first = 0;
    int count = 1;
    program.add_option("--db", url, "sqlite:PATH or postgresql://…")->required();
    program.add_option("--first", first, "the number of the first: those before it are there");
    program.add_option("--tenants", count, "how many there are to be");
    CLI11_PARSE(program, argc, argv);
    try {
        pamoja::bench::run(url, first, count);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "pamoja_tenants_bench: %s\n", fault.what());
        return 2;
    }
    return 0;
}
