#pragma once
#include <algorithm>
#include <functional>
#include <span>
#include <stdexcept>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "db/page.hpp"
#include "describe/fields.hpp"

namespace pamoja {

// A constraint of the schema refused a row. The module that owns the table turns it into its reason.
struct ConstraintViolation : std::runtime_error {
    enum class Kind { unique, foreign_key, check, exclusion, immutable };
    ConstraintViolation(Kind violated, const std::string& what_failed)
        : std::runtime_error(what_failed), kind(violated) {}
    Kind kind;
};

struct Row {
    std::vector<Cell> cells;
};

struct Rows {
    std::vector<Row> rows;
    std::int64_t affected = 0;  // rows that an INSERT, UPDATE or DELETE changed
};

// One open connection to an engine, inside a transaction. Implemented by sqlite/ and postgres/.
class Connection {
  public:
    virtual ~Connection() = default;
    // `sql` names its parameters $1, $2, … and :tenant. Throws ConstraintViolation or Failure(unavailable).
    virtual Rows execute(const std::string& sql, std::span<const Cell> parameters,
                         const TenantId& tenant) = 0;
};

// The tenant of work that spans tenants (job runner, sign-in by domain, checks): its statements need no
// :tenant.
const TenantId& every_tenant();

template <class T>
Cell cell_of(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return std::string(std::string_view(value));
    } else {
        return Type<T>::to_cell(value);
    }
}

// One transaction of one tenant. SQL is the same text for both engines; a statement on a tenant's table must
// name :tenant. Time and ids come from here. The work that gets a Tx may run more than once. After a
// statement has thrown, the work must throw too: PostgreSQL can only roll back then.
class Tx {
  public:
    Tx(Connection& connection, TenantId tenant, Timestamp now, Random& random)
        : connection_(connection), tenant_(std::move(tenant)), now_(now), random_(random) {}
    Tx(const Tx&) = delete;

    const TenantId& tenant() const { return tenant_; }
    Timestamp now() const { return now_; }  // the same for the whole transaction
    Random& random() { return random_; }

    template <class I>
    I new_id() {
        return I(make_uuid(now_, random_));
    }

    // The only row of `from` ("FROM loans WHERE …"), if there is one. The columns are those that T describes.
    template <Described T, class... Args>
    std::optional<T> maybe(std::string_view from, const Args&... args) {
        auto found = all<T>(std::string(from) + " LIMIT 1", args...);
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    }

    // All rows; the caller bounds them.
    template <Described T, class... Args>
    std::vector<T> all(std::string_view from, const Args&... args) {
        const auto found = run_cells(select_text(described<T>(), from), args...);
        std::vector<T> records(found.rows.size());
        for (std::size_t i = 0; i < records.size(); ++i) read_row(found.rows[i], fields_of(records[i]));
        return records;
    }

    // One page in a total order ("created_at DESC, id DESC"), with the count of all.
    template <Described T, class... Args>
    Page<T> page(const PageRequest& request, std::string_view from, std::string_view order,
                 const Args&... args) {
        Page<T> result{{}, *value<std::int64_t>("SELECT COUNT(*) " + std::string(from), args...), request};
        if (request.page <= result.pages_total()) {
            // Parameters, so that every page is the same prepared statement.
            const std::string limit = " LIMIT $" + std::to_string(sizeof...(Args) + 1) + " OFFSET $" +
                                      std::to_string(sizeof...(Args) + 2);
            result.items = all<T>(std::string(from) + " ORDER BY " + std::string(order) + limit, args...,
                                  request.per_page, (request.page - 1) * request.per_page);
        }
        return result;
    }

    // The first column of the first row; empty when there is no row or it is null.
    template <class V, class... Args>
    std::optional<V> value(std::string_view sql, const Args&... args) {
        const auto found = run_cells(std::string(sql), args...);
        std::optional<V> result;
        if (!found.rows.empty()) Type<std::optional<V>>::from_cell(found.rows.front().cells.at(0), result);
        return result;
    }

    // Returns how many rows changed.
    template <class... Args>
    std::int64_t run(std::string_view sql, const Args&... args) {
        return run_cells(std::string(sql), args...).affected;
    }

    // For a text whose number of parameters is known only when it is made. The caller keeps such texts few,
    // because every one of them stays prepared.
    std::int64_t run_with(const std::string& sql, std::span<const Cell> parameters) {
        return connection_.execute(sql, parameters, tenant_).affected;
    }

    template <class... Args>
    Rows rows(std::string_view sql, const Args&... args) {
        return run_cells(std::string(sql), args...);
    }

    // Inserts what the record describes, with the tenant. A record with money also fills the column
    // `currency`.
    template <Described T>
    void insert(std::string_view table, const T& record) {
        insert_rows(table, {fields_of(const_cast<T&>(record))}, "");
    }

    // Inserts several records with few statements.
    template <Described T>
    void insert_all(std::string_view table, const std::vector<T>& records) {
        insert_slices(table, records, "");
    }

    // Inserts those of several records that no unique constraint is in the way of; returns how many.
    template <Described T>
    std::int64_t insert_absent(std::string_view table, const std::vector<T>& records) {
        return insert_slices(table, records, " ON CONFLICT DO NOTHING");
    }

    // Inserts unless a unique constraint is in the way; false when one was.
    template <Described T>
    bool insert_if_absent(std::string_view table, const T& record) {
        return insert_rows(table, {fields_of(const_cast<T&>(record))}, " ON CONFLICT DO NOTHING") == 1;
    }

    // Runs after the commit is durable, on the thread that committed: must be short and must not throw.
    void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }
    std::vector<std::function<void()>> take_after_commit() { return std::move(after_commit_); }

  private:
    template <class T>
    static Fields described() {
        static T record;  // only names and types are looked at
        return fields_of(record);
    }

    template <class... Args>
    Rows run_cells(const std::string& sql, const Args&... args) {
        const std::array<Cell, sizeof...(Args)> cells{cell_of(args)...};
        return connection_.execute(sql, cells, tenant_);
    }

    template <class T>
    std::int64_t insert_slices(std::string_view table, const std::vector<T>& records,
                               std::string_view on_conflict) {
        std::int64_t inserted = 0;
        for (std::size_t first = 0; first < records.size(); first += insert_rows_max) {
            std::vector<Fields> rows;
            for (std::size_t i = first; i < std::min(records.size(), first + insert_rows_max); ++i) {
                rows.push_back(fields_of(const_cast<T&>(records[i])));
            }
            inserted += insert_rows(table, rows, on_conflict);
        }
        return inserted;
    }

    static std::string select_text(const Fields&, std::string_view from);
    static void read_row(const Row&, const Fields&);
    std::int64_t insert_rows(std::string_view table, const std::vector<Fields>&,
                             std::string_view on_conflict);

    // Few enough that the prepared texts of every count fit a cache.
    static constexpr std::size_t insert_rows_max = 32;

    Connection& connection_;
    TenantId tenant_;
    Timestamp now_;
    Random& random_;
    std::vector<std::function<void()>> after_commit_;
};

}  // namespace pamoja
