#include "db/postgres/connection.hpp"

#include <array>

#include "db/migrations.hpp"
#include "db/postgres/values.hpp"

namespace pamoja::postgres {
namespace {

// A connection forgets its statements beyond this many: texts built from optional filters must not pile up
// in the server.
constexpr std::size_t statements_max = 1000;

// An acknowledged commit is on disk, whatever the server's default is; a server set up for replicas keeps its
// stricter rule. Nothing may hold locks for long: a statement or a transaction that hangs ends by itself.
constexpr const char* session_settings =
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local');"
    "SET statement_timeout = '60s'; SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '60s'; SET jit = off; SET client_min_messages = warning";

Result owned(PGresult* result) {
    return {result, &PQclear};
}

PGconn* connect(const std::string& url) {
    // What stands before the URL can be overridden by it, what stands behind cannot.
    const std::array<const char*, 9> names{"fallback_application_name",
                                           "connect_timeout",
                                           "keepalives_idle",
                                           "keepalives_interval",
                                           "keepalives_count",
                                           "tcp_user_timeout",
                                           "dbname",
                                           "client_encoding",
                                           nullptr};
    const std::array<const char*, 9> values{"pamoja", "5",         "30",   "10",   "3",
                                            "30000",  url.c_str(), "UTF8", nullptr};
    return PQconnectdbParams(names.data(), values.data(), 1);
}

void ignore_notice(void*, const char*) {}

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

Rows rows_of(const PGresult* result) {
    Rows rows;
    const int count = PQntuples(result);
    const int columns = PQnfields(result);
    rows.rows.resize(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
        auto& cells = rows.rows[static_cast<std::size_t>(row)].cells;
        cells.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) cells.push_back(cell_of(result, row, column));
    }
    rows.affected = changed_count(result);
    return rows;
}

}  // namespace

PostgresConnection::PostgresConnection(const std::string& url) : connection_(connect(url), &PQfinish) {
    PQsetNoticeProcessor(connection_.get(), ignore_notice, nullptr);
    const bool is_open = PQstatus(connection_.get()) == CONNECTION_OK;
    const auto settings = owned(is_open ? PQexec(connection_.get(), session_settings) : nullptr);
    if (!is_open || PQresultStatus(settings.get()) == PGRES_FATAL_ERROR) {
        throw std::runtime_error("cannot connect to PostgreSQL: " +
                                 trimmed(PQerrorMessage(connection_.get())));
    }
    PQenterPipelineMode(connection_.get());
}

void PostgresConnection::begin(Mode mode) {
    fault_ = Fault::none;
    is_committing_ = false;
    if (statements_made_ > statements_max) forget_statements();
    mode_ = mode;
    state_ = State::announced;
}

Rows PostgresConnection::execute(const std::string& sql, std::span<const Cell> parameters,
                                 const TenantId& tenant) {
    if (state_ == State::idle) fault_ = Fault::none;
    if (state_ == State::announced) send_begin(tenant);
    send(sql, parameters, tenant);
    return rows_of(finish(sql).get());
}

void PostgresConnection::commit() {
    if (fault_ != Fault::none) throw std::logic_error("work went on after one of its statements had failed");
    if (state_ == State::begun) {
        is_committing_ = true;
        send("COMMIT", {}, every_tenant());
        const auto result = finish("COMMIT");
        if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
            throw std::logic_error("PostgreSQL rolled back what was to be committed");
        }
    }
    state_ = State::idle;
}

void PostgresConnection::rollback() {
    const auto status = PQtransactionStatus(connection_.get());
    state_ = State::idle;
    fault_ = Fault::none;
    is_committing_ = false;
    if (status == PQTRANS_IDLE) return;
    send("ROLLBACK", {}, every_tenant());
    finish("ROLLBACK");
}

bool PostgresConnection::is_usable() const {
    return PQstatus(connection_.get()) == CONNECTION_OK && fault_ != Fault::outage && fault_ != Fault::lost &&
           fault_ != Fault::in_doubt;
}

void PostgresConnection::send_begin(const TenantId& tenant) {
    // Readers need one consistent snapshot, but no place in the serial order: they write nothing that could
    // depend on it, and so they neither fail nor make writers fail.
    send(mode_ == Mode::write ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                              : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
         {}, every_tenant());
    send("SELECT set_config('pamoja.tenant', :tenant, true)", {}, tenant);
    state_ = State::begun;
}

void PostgresConnection::send(const std::string& sql, std::span<const Cell> parameters,
                              const TenantId& tenant) {
    Statement& prepared = statement(sql, parameters, tenant);
    const Cell tenant_cell = tenant.text();
    const Parameters bound(parameters, prepared.names_tenant ? &tenant_cell : nullptr);
    if (!prepared.is_prepared) {
        const std::string numbered = number_parameters(sql, parameters.size(), '$');
        if (PQsendPrepare(connection_.get(), prepared.name.c_str(), numbered.c_str(), bound.count(),
                          prepared.types.data()) != 1)
            fail(nullptr, sql);
        sent_.push_back(&prepared);
    }
    if (PQsendQueryPrepared(connection_.get(), prepared.name.c_str(), bound.count(), bound.values(),
                            bound.lengths(), bound.formats(), 0) != 1)
        fail(nullptr, sql);
    sent_.push_back(nullptr);
}

PostgresConnection::Statement& PostgresConnection::statement(const std::string& sql,
                                                             std::span<const Cell> parameters,
                                                             const TenantId& tenant) {
    auto [found, is_new] = statements_.try_emplace(sql);
    Statement& entry = found->second;
    if (is_new) entry.names_tenant = sql.find(":tenant") != std::string::npos;
    learn_types(entry, parameters);
    // The cache must not lend a statement without :tenant, which only every_tenant() may run, to others.
    if (!entry.names_tenant) require_tenant(sql, tenant);
    return entry;
}

void PostgresConnection::learn_types(Statement& entry, std::span<const Cell> parameters) {
    bool is_known = !entry.name.empty();
    if (!is_known) {
        entry.types.resize(parameters.size());
        if (entry.names_tenant) entry.types.push_back(type_of(std::string()));
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (is_null(parameters[i]) || entry.types.at(i) == type_of(parameters[i])) continue;
        entry.types.at(i) = type_of(parameters[i]);
        is_known = false;
    }
    if (is_known) return;
    entry.name = "s" + std::to_string(++statements_made_);
    entry.is_prepared = false;
}

void PostgresConnection::forget_statements() {
    if (PQsendQueryParams(connection_.get(), "DEALLOCATE ALL", 0, nullptr, nullptr, nullptr, nullptr, 0) != 1)
        fail(nullptr, "DEALLOCATE ALL");
    sent_.push_back(nullptr);
    finish("DEALLOCATE ALL");
    statements_.clear();
    statements_made_ = 0;
}

// Asks for the answers to all that was sent, and waits for them. Returns the last one; throws what the first
// error means.
Result PostgresConnection::finish(const std::string& sql) {
    auto last = owned(nullptr);
    auto error = owned(nullptr);
    bool is_synchronised = false;
    if (PQpipelineSync(connection_.get()) == 1) {
        // The answers to one command end with a null.
        for (std::size_t position = 0; !is_synchronised && position <= sent_.size();) {
            auto result = owned(PQgetResult(connection_.get()));
            if (!result) {
                ++position;
            } else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
                is_synchronised = true;
            } else {
                take_result(std::move(result), position, last, error);
            }
        }
    }
    sent_.clear();
    if (!is_synchronised || error) fail(error.get(), sql);
    return last;
}

void PostgresConnection::take_result(Result result, std::size_t position, Result& last, Result& error) {
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        Statement* const prepared = position < sent_.size() ? sent_[position] : nullptr;
        if (prepared != nullptr) prepared->is_prepared = true;
        last = std::move(result);
    } else if (!error && status != PGRES_PIPELINE_ABORTED) {
        error = std::move(result);
    }
}

void PostgresConnection::fail(const PGresult* error, const std::string& sql) {
    sent_.clear();
    const char* const state_field = error != nullptr ? PQresultErrorField(error, PG_DIAG_SQLSTATE) : nullptr;
    const char* const message_field =
        error != nullptr ? PQresultErrorField(error, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const std::string state = state_field != nullptr ? state_field : "";
    const std::string message =
        message_field != nullptr ? message_field : trimmed(PQerrorMessage(connection_.get()));

    const bool is_broken = state.empty() || PQstatus(connection_.get()) != CONNECTION_OK;
    const Fault fault = is_broken ? Fault::lost : fault_of(state);
    if (fault == Fault::lost) {
        fault_ = is_committing_ ? Fault::in_doubt : Fault::lost;
    } else if (fault_ == Fault::none) {
        fault_ = fault;
    }
    throw_fault(fault_, state, message, sql);
}

}  // namespace pamoja::postgres
