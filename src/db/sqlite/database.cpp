#include "db/sqlite/database.hpp"

#include <thread>

#include "db/internal/queue.hpp"
#include "db/migrations.hpp"
#include "db/sqlite/connection.hpp"

namespace pamoja::sqlite {
namespace {

constexpr std::size_t group_max = 256;
constexpr std::size_t waiting_max = 20'000;
constexpr int reader_count = 3;

struct Item {
    TenantId tenant;
    Work work;
    Done done;
    std::exception_ptr error;
    std::vector<std::function<void()>> after_commit;
};

std::exception_ptr outage() {
    return std::make_exception_ptr(Failure(unavailable, "The service cannot store data at the moment."));
}

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
        submit(writes_, {std::move(tenant), std::move(work), std::move(done), nullptr, {}});
    }

    void submit_read(TenantId tenant, Work work, Done done) override {
        submit(reads_, {std::move(tenant), std::move(work), std::move(done), nullptr, {}});
    }

    void migrate() override {
        write(every_tenant(), [](Tx& tx) {
            tx.run(
                "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT "
                "NULL)");
        });
        for (const auto& migration : all_migrations())
            write(every_tenant(), [&](Tx& tx) { apply(tx, migration); });
    }

    bool is_ready() override {
        try {
            write(every_tenant(), [](Tx& tx) {
                tx.run("UPDATE schema_migrations SET applied_at = applied_at WHERE name = $1", "0001");
            });
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

  private:
    static void apply(Tx& tx, const Migration& migration) {
        if (tx.value<std::string>("SELECT name FROM schema_migrations WHERE name = $1", migration.name))
            return;
        for (const auto& statement : statements_of(migration.text, Engine::sqlite)) tx.run(statement);
        tx.run("INSERT INTO schema_migrations (name, applied_at) VALUES ($1, $2)", migration.name, tx.now());
    }

    static void submit(Queue<std::shared_ptr<Item>>& queue, Item item) {
        auto shared = std::make_shared<Item>(std::move(item));
        if (!queue.put(shared, waiting_max)) {
            shared->done(
                std::make_exception_ptr(Failure(unavailable, "The service is too busy. Please try again.")));
        }
    }

    void write_until_closed() {
        for (auto group = writes_.take(group_max); !group.empty(); group = writes_.take(group_max)) {
            commit_group(group);
            for (const auto& item : group) complete(*item);
        }
    }

    // Runs each work in its savepoint and commits them together; on any outage none of them is acknowledged.
    void commit_group(const std::vector<std::shared_ptr<Item>>& group) {
        try {
            if (!writer_connection_) reopen();
            writer_connection_->command("BEGIN IMMEDIATE");
            for (const auto& item : group) run_in_savepoint(*item);
            writer_connection_->command("COMMIT");
        } catch (const std::exception&) {
            // A failed flush leaves SQLite's view of the file in doubt; a fresh connection recovers from the
            // WAL.
            writer_connection_.reset();
            for (const auto& item : group) {
                if (!item->error) item->error = outage();
            }
        }
    }

    void run_in_savepoint(Item& item) {
        writer_connection_->execute("SAVEPOINT work", {}, every_tenant());
        try {
            Tx tx(*writer_connection_, item.tenant, clock_.now(), random_);
            item.work(tx);
            item.after_commit = tx.take_after_commit();
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
            complete(*items.front());
        }
    }

    void read_one(std::unique_ptr<SqliteConnection>& connection, Item& item) {
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

    static void complete(Item& item) {
        if (!item.error) {
            for (const auto& action : item.after_commit) action();
        }
        item.done(item.error);
        item.work = nullptr;
        item.done = nullptr;
    }

    std::string path_;
    const Clock& clock_;
    Random& random_;
    std::unique_ptr<SqliteConnection> writer_connection_;
    Queue<std::shared_ptr<Item>> writes_;
    Queue<std::shared_ptr<Item>> reads_;
    std::thread writer_;
    std::vector<std::thread> readers_;
};

}  // namespace

std::unique_ptr<Database> open(const std::string& path, const Clock& clock, Random& random) {
    return std::make_unique<SqliteDatabase>(path, clock, random);
}

}  // namespace pamoja::sqlite
