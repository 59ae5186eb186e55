#include "db/sqlite/connection.hpp"

#include "db/migrations.hpp"

namespace pamoja::sqlite {
namespace {

void bind(sqlite3_stmt* statement, int index, const Cell& cell) {
    // The cells outlive the step, so SQLite need not copy them.
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
        sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* flag = std::get_if<bool>(&cell)) {
        sqlite3_bind_int(statement, index, *flag ? 1 : 0);
    } else if (const auto* real = std::get_if<double>(&cell)) {
        sqlite3_bind_double(statement, index, *real);
    } else if (const auto* blob = std::get_if<Blob>(&cell)) {
        sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, index);
    }
}

Cell column(sqlite3_stmt* statement, int index) {
    const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, index)); };
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
        case SQLITE_FLOAT:
            return sqlite3_column_double(statement, index);
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
            return std::string(text, size());
        }
        case SQLITE_BLOB: {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
            return Blob{bytes != nullptr ? std::string(bytes, size()) : std::string()};
        }
        default:
            return {};
    }
}

// Puts a statement back into its resting state, however the step ended.
struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

ConstraintViolation::Kind violated_kind(int extended_code, std::string_view message) {
    using Kind = ConstraintViolation::Kind;
    if (message.starts_with("immutable:")) return Kind::immutable;
    switch (extended_code) {
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return Kind::foreign_key;
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
            return Kind::unique;
        default:
            return Kind::check;
    }
}

bool is_outage(int code) {
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY || code == SQLITE_LOCKED ||
           code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_NOMEM;
}

}  // namespace

Handle::Handle(const std::string& path) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &db, flags, nullptr) == SQLITE_OK) return;
    const std::string reason = db != nullptr ? sqlite3_errmsg(db) : "out of memory";
    sqlite3_close_v2(db);
    throw std::runtime_error("cannot open the database " + path + ": " + reason);
}

SqliteConnection::SqliteConnection(const std::string& path, Mode mode) : handle_(path) {
    sqlite3_extended_result_codes(handle_.db, 1);
    sqlite3_busy_timeout(handle_.db, 5000);
    command("PRAGMA journal_mode = WAL");
    command("PRAGMA synchronous = FULL");
    command("PRAGMA foreign_keys = ON");
    command("PRAGMA temp_store = MEMORY");
    // Only the writer may checkpoint: before 3.51.3 two connections that write or checkpoint can corrupt the
    // WAL. A long WAL lets a page that changes often be written back once for many changes.
    command(mode == Mode::write ? "PRAGMA wal_autocheckpoint = 16000" : "PRAGMA wal_autocheckpoint = 0");
    command(mode == Mode::write ? "PRAGMA cache_size = -32000" : "PRAGMA cache_size = -16000");
    sqlite3_db_config(handle_.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, mode == Mode::write ? 0 : 1, nullptr);
    if (mode == Mode::read) command("PRAGMA query_only = ON");
}

SqliteConnection::~SqliteConnection() {
    for (const auto& entry : statements_) sqlite3_finalize(entry.second);
}

Rows SqliteConnection::execute(const std::string& sql, std::span<const Cell> parameters,
                               const TenantId& tenant) {
    sqlite3_stmt* statement = prepared(sql, parameters.size(), tenant);
    const Reset reset{statement};
    const Cell tenant_cell = tenant.text();
    int index = 1;
    for (const Cell& parameter : parameters) bind(statement, index++, parameter);
    if (sqlite3_bind_parameter_count(statement) >= index) bind(statement, index, tenant_cell);

    Rows result;
    const int columns = sqlite3_column_count(statement);
    const int changes_before = sqlite3_total_changes(handle_.db);
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        Row& row = result.rows.emplace_back();
        row.cells.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) row.cells.push_back(column(statement, i));
    }
    if (code != SQLITE_DONE) fail(code, sql.c_str());
    if (sqlite3_total_changes(handle_.db) != changes_before) result.affected = sqlite3_changes64(handle_.db);
    return result;
}

void SqliteConnection::command(const char* sql) {
    const int code = sqlite3_exec(handle_.db, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
}

sqlite3_stmt* SqliteConnection::prepared(const std::string& sql, std::size_t parameters,
                                         const TenantId& tenant) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) {
        // A statement that only every_tenant() may run names no :tenant; the cache must not lend it to
        // others.
        if (static_cast<std::size_t>(sqlite3_bind_parameter_count(found->second)) <= parameters) {
            require_tenant(sql, tenant);
        }
        return found->second;
    }
    require_tenant(sql, tenant);
    const std::string numbered = number_parameters(sql, parameters, '?');
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_.db, numbered.c_str(), static_cast<int>(numbered.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code, sql.c_str());
    statements_.emplace(sql, statement);
    return statement;
}

void SqliteConnection::fail(int code, const char* sql) {
    const std::string message = sqlite3_errmsg(handle_.db);
    const int primary = code & 0xff;
    if (primary == SQLITE_CONSTRAINT) throw ConstraintViolation(violated_kind(code, message), message);
    if (is_outage(primary)) throw Failure(unavailable, "The service cannot store data at the moment.");
    throw std::runtime_error("SQLite: " + message + " in: " + sql);
}

}  // namespace pamoja::sqlite
