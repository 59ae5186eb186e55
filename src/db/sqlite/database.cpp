#include "db/sqlite/database.hpp"

#include <thread>

#include "db/internal/submission.hpp"
#include "db/migrations.hpp"
#include "db/sqlite/connection.hpp"

namespace pamoja::sqlite {
namespace {

constexpr std::size_t group_max = 256;
constexpr int reader_count = 3;

class SqliteDatabase : public Database {
  public:
    SqliteDatabase(std::string path, const Clock& clock, Random& random)
        : path_(std::move(path)), clock_(clock), random_(random) {
        writer_connection_ = std::make_unique<SqliteConnection>(path_, SqliteConnection::Mode::write);
        writer_ = std::thread([this] { write_until_closed(); });
        for (int i = 0; i < reader_count; ++i) {
            readers_.emplace_back([this] { read_until_closed(); });
        }
    }

    ~SqliteDatabase() override {
        writes_.close();
        reads_.close();
        for (auto& reader : readers_) reader.join();
        writer_.join();
    }

    Engine engine() const override { return Engine::sqlite; }

    void submit_write(TenantId tenant, Work work, Done done) override {
        submit(writes_, std::move(tenant), std::move(work), std::move(done));
    }

    void submit_read(TenantId tenant, Work work, Done done) override {
        submit(reads_, std::move(tenant), std::move(work), std::move(done));
    }

    void migrate() override {
        write(every_tenant(), create_migration_table);
        for (const auto& migration : all_migrations()) {
            write(every_tenant(), [&](Tx& tx) { apply_migration(tx, migration, Engine::sqlite); });
        }
    }

    bool is_ready() override { return is_writable(*this); }

  private:
    void write_until_closed() {
        for (auto group = writes_.take(group_max); !group.empty(); group = writes_.take(group_max)) {
            commit_group(group);
            for (const auto& item : group) item->complete();
        }
    }

    // Runs each work in its savepoint and commits them together; on any outage none of them is acknowledged.
    void commit_group(const std::vector<std::shared_ptr<Submission>>& group) {
        try {
            if (!writer_connection_) reopen();
            writer_connection_->command("BEGIN IMMEDIATE");
            if (group.size() == 1) {
                run_alone(*group.front());
            } else {
                for (const auto& item : group) run_in_savepoint(*item);
            }
            if (writer_connection_->is_in_transaction()) writer_connection_->command("COMMIT");
        } catch (const std::exception&) {
            // A failed flush leaves SQLite's view of the file in doubt; a fresh connection recovers from the
            // WAL.
            writer_connection_.reset();
            for (const auto& item : group) {
                if (!item->error) item->error = outage();
            }
        }
    }

    // A savepoint copies every page before the work changes it. Work that shares its commit with no other
    // needs none: when it fails, everything may go.
    void run_alone(Submission& item) {
        try {
            run(item);
        } catch (...) {
            item.error = std::current_exception();
            if (!writer_connection_->is_in_transaction())
                throw std::runtime_error("SQLite rolled the work back");
            writer_connection_->command("ROLLBACK");
        }
    }

    void run(Submission& item) {
        Tx tx(*writer_connection_, item.tenant, clock_.now(), random_);
        item.work(tx);
        item.after_commit = tx.take_after_commit();
    }

    void run_in_savepoint(Submission& item) {
        writer_connection_->execute("SAVEPOINT work", {}, every_tenant());
        try {
            run(item);
            writer_connection_->execute("RELEASE work", {}, every_tenant());
        } catch (...) {
            item.error = std::current_exception();
            if (!writer_connection_->is_in_transaction())
                throw std::runtime_error("SQLite rolled the group back");
            writer_connection_->execute("ROLLBACK TO work", {}, every_tenant());
            writer_connection_->execute("RELEASE work", {}, every_tenant());
        }
    }

    void reopen() {
        auto fresh = std::make_unique<SqliteConnection>(path_, SqliteConnection::Mode::write);
        writer_connection_ = std::move(fresh);
    }

    void read_until_closed() {
        std::unique_ptr<SqliteConnection> connection;
        for (auto items = reads_.take(1); !items.empty(); items = reads_.take(1)) {
            read_one(connection, *items.front());
            items.front()->complete();
        }
    }

    void read_one(std::unique_ptr<SqliteConnection>& connection, Submission& item) {
        try {
            if (!connection)
                connection = std::make_unique<SqliteConnection>(path_, SqliteConnection::Mode::read);
            connection->execute("BEGIN", {}, every_tenant());
            Tx tx(*connection, item.tenant, clock_.now(), random_);
            item.work(tx);
        } catch (...) {
            item.error = std::current_exception();
        }
        try {
            if (connection && connection->is_in_transaction())
                connection->execute("COMMIT", {}, every_tenant());
        } catch (const std::exception&) {
            connection.reset();
        }
    }

    std::string path_;
    const Clock& clock_;
    Random& random_;
    std::unique_ptr<SqliteConnection> writer_connection_;
    Submissions writes_;
    Submissions reads_;
    std::thread writer_;
    std::vector<std::thread> readers_;
};

}  // namespace

std::unique_ptr<Database> open(const std::string& path, const Clock& clock, Random& random) {
    return std::make_unique<SqliteDatabase>(path, clock, random);
}

}  // namespace pamoja::sqlite
