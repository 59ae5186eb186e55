#pragma once
#include <span>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::ledger::internal {

// SQLite keeps a journal of its own for a statement that changes several rows, which costs more than a
// statement a row; on PostgreSQL every statement is a round trip, so the rows of one go along as arrays.
enum class Statements { row_by_row, arrays };

struct BulkColumn {
    const char* name;
    const char* type;  // TEXT or BIGINT
};

// A statement that is run for many rows: its text for one row, and its text for arrays of their columns.
// Made once for each statement, because the connections keep both texts prepared.
class Bulk {
  public:
    static Bulk insert(const std::string& table, std::vector<BulkColumn>,
                       const std::string& on_conflict = {});
    // `row` is a statement on $1, $2, …; `arrays` is one on the table `given` with the columns' names.
    static Bulk statement(std::vector<BulkColumn>, std::string row, const std::string& before_given,
                          const std::string& after_given);

    // The cells of each row follow those of the row before; none of them is null. Returns how many rows
    // changed.
    std::int64_t run(Tx&, std::span<const Cell> cells, Statements) const;

  private:
    Bulk() = default;
    std::vector<BulkColumn> columns_;
    std::string row_;
    std::string arrays_;
};

}  // namespace pamoja::ledger::internal
