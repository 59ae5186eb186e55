#pragma once
#include <libpq-fe.h>

#include <memory>
#include <unordered_map>

#include "db/postgres/fault.hpp"
#include "db/tx.hpp"

namespace pamoja::postgres {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

// A connection with its cache of prepared statements. Used by one thread at a time. Statements outside
// begin() … commit() commit by themselves.
class PostgresConnection : public Connection {
  public:
    enum class Mode { read, write };
    // Throws std::runtime_error with the server's reason.
    explicit PostgresConnection(const std::string& url);
    PostgresConnection(const PostgresConnection&) = delete;

    // Announces a transaction; the server hears of it, and of the tenant, with the first statement.
    void begin(Mode);
    // A transaction in which a statement failed cannot be kept. After any exception fault() says what came
    // of it.
    Rows execute(const std::string& sql, std::span<const Cell> parameters, const TenantId&) override;
    // Returns when the commit is durable.
    void commit();
    // Ends the transaction, if there is one, and forgets the fault.
    void rollback();

    // What the first failed statement of this transaction means, even where the work swallowed its exception.
    Fault fault() const { return fault_; }
    // False when the connection is broken or speaks to a server that cannot work: open another.
    bool is_usable() const;

  private:
    // A statement is prepared again when a value comes whose type the server was not told: a null says
    // nothing, and takes the type that was known before.
    struct Statement {
        std::string name;
        std::vector<Oid> types;
        bool names_tenant = false;
        bool is_prepared = false;
    };
    // What was sent since the last synchronisation, in order; a preparation knows its statement.
    using Sent = std::vector<Statement*>;
    enum class State { idle, announced, begun };

    void send(const std::string& sql, std::span<const Cell> parameters, const TenantId&);
    void send_begin(const TenantId&);
    Statement& statement(const std::string& sql, std::span<const Cell> parameters, const TenantId&);
    void learn_types(Statement&, std::span<const Cell> parameters);
    void forget_statements();
    Result finish(const std::string& sql);
    void take_result(Result, std::size_t position, Result& last, Result& error);
    [[noreturn]] void fail(const PGresult* error, const std::string& sql);

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    std::unordered_map<std::string, Statement> statements_;
    std::size_t statements_made_ = 0;
    Sent sent_;
    State state_ = State::idle;
    Mode mode_ = Mode::read;
    bool is_committing_ = false;
    Fault fault_ = Fault::none;
};

}  // namespace pamoja::postgres
