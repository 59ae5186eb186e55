#include "db/postgres/database.hpp"

#include <thread>

#include "db/internal/submission.hpp"
#include "db/migrations.hpp"
#include "db/postgres/address.hpp"
#include "db/postgres/migrate.hpp"
#include "db/postgres/worker.hpp"

namespace pamoja::postgres {
namespace {

// Reads and writes have threads of their own, so that neither waits behind long ones of the other kind.
class PostgresDatabase : public Database {
  public:
    PostgresDatabase(const Address& address, const Clock& clock, Random& random)
        : workshop_{address.url, clock, random, {}, {}} {
        const int readers = std::max(1, address.connections_max / 3);
        for (int i = 0; i < address.connections_max; ++i) start_thread(i, i < readers);
    }

    ~PostgresDatabase() override {
        writes_.close();
        reads_.close();
        for (auto& thread : threads_) thread.join();
    }

    Engine engine() const override { return Engine::postgres; }

    void submit_write(TenantId tenant, Work work, Done done) override {
        submit(writes_, std::move(tenant), std::move(work), std::move(done));
    }

    void submit_read(TenantId tenant, Work work, Done done) override {
        submit(reads_, std::move(tenant), std::move(work), std::move(done));
    }

    void migrate() override { postgres::migrate(workshop_.url, workshop_.clock, workshop_.random); }

    bool is_ready() override { return is_writable(*this); }

  private:
    void start_thread(int index, bool is_reader) {
        threads_.emplace_back([this, index, is_reader] {
            const auto mode = is_reader ? PostgresConnection::Mode::read : PostgresConnection::Mode::write;
            Worker(workshop_, mode, static_cast<unsigned>(index + 1)).run(is_reader ? reads_ : writes_);
        });
    }

    Workshop workshop_;
    Submissions writes_;
    Submissions reads_;
    std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Database> open(const std::string& url, const Clock& clock, Random& random) {
    const Address address = parse_address(url);
    // A wrong address is told at once; later outages heal by themselves.
    const PostgresConnection probe(address.url);
    return std::make_unique<PostgresDatabase>(address, clock, random);
}

}  // namespace pamoja::postgres
