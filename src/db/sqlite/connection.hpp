#pragma once
#include <sqlite3.h>

#include <unordered_map>

#include "db/tx.hpp"

namespace pamoja::sqlite {

struct Handle {
    explicit Handle(const std::string& path);
    ~Handle() { sqlite3_close_v2(db); }
    Handle(const Handle&) = delete;
    sqlite3* db = nullptr;
};

// A connection with its cache of prepared statements. Used by one thread at a time.
class SqliteConnection : public Connection {
  public:
    enum class Mode { read, write };
    SqliteConnection(const std::string& path, Mode);
    ~SqliteConnection() override;

    Rows execute(const std::string& sql, std::span<const Cell> parameters, const TenantId& tenant) override;
    // Statements without parameters or rows: BEGIN, COMMIT, PRAGMA, DDL.
    void command(const char* sql);
    // False once SQLite has rolled a transaction back by itself (disk full, I/O error).
    bool is_in_transaction() const { return sqlite3_get_autocommit(handle_.db) == 0; }

  private:
    sqlite3_stmt* prepared(const std::string& sql, std::size_t parameters, const TenantId&);
    [[noreturn]] void fail(int code, const char* sql);

    Handle handle_;
    std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace pamoja::sqlite
