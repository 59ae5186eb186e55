#include "ledger/internal/batches.hpp"

#include <algorithm>

namespace pamoja::ledger::internal {
namespace {

struct Turnover {
    std::int64_t change = 0;
    std::int64_t debit = 0;  // not negative
};
using Turnovers = std::map<AccountId, Turnover>;

// Only texts of these lengths are ever prepared. One row names three parameters, so the longest stays far
// below what SQLite (32,766) and PostgreSQL (65,535) take.
constexpr std::size_t row_counts[] = {2, 8, 32, 128, 512};

Turnovers turnovers_of(std::span<const PreparedPosting> postings) {
    Turnovers turnovers;
    for (const PreparedPosting& prepared : postings) {
        for (const Leg& leg : prepared.posting.legs) {
            if (leg.account.is_system) continue;
            Turnover& turnover = turnovers[leg.account.id];
            turnover.change += leg.amount.minor();
            if (leg.amount.is_negative()) turnover.debit -= leg.amount.minor();
        }
    }
    return turnovers;
}

std::string update_text(std::size_t row_count) {
    std::string sql = "WITH changes (account_id, change, debit) AS (VALUES ";
    for (std::size_t row = 0; row < row_count; ++row) {
        const auto parameter = [&](std::size_t i) { return "$" + std::to_string(3 * row + i); };
        sql += (row == 0 ? "(CAST(" : ", (CAST(") + parameter(1) + " AS TEXT), CAST(" + parameter(2) +
               " AS BIGINT), CAST(" + parameter(3) + " AS BIGINT))";
    }
    return sql +
           ") UPDATE ledger_balances SET posted = posted + changes.change FROM changes "
           "WHERE tenant_id = :tenant AND ledger_balances.account_id = changes.account_id AND "
           "(floor IS NULL OR posted - held - changes.debit >= floor)";
}

// The texts by their row counts, made once.
const std::string& update_text_for(std::size_t row_count) {
    static const auto texts = [] {
        std::map<std::size_t, std::string> made;
        for (const std::size_t count : row_counts) made.emplace(count, update_text(count));
        return made;
    }();
    return texts.at(row_count);
}

// In the order of their ids, as change_balances does. Rows that are missing are filled up with an account
// that nobody has.
std::int64_t update_balances(Tx& tx, std::span<const Turnovers::value_type> turnovers) {
    const auto* row_count = std::ranges::lower_bound(row_counts, turnovers.size());
    std::vector<Cell> cells;
    cells.reserve(3 * *row_count);
    for (const auto& [account, turnover] : turnovers) {
        cells.emplace_back(account.text());
        cells.emplace_back(turnover.change);
        cells.emplace_back(turnover.debit);
    }
    while (cells.size() < 3 * *row_count) {
        cells.emplace_back(std::string());
        cells.emplace_back(std::int64_t{0});
        cells.emplace_back(std::int64_t{0});
    }
    return tx.run_with(update_text_for(*row_count), cells);
}

std::int64_t insert_absent(Tx& tx, const std::vector<Transaction>& transactions, Statements statements) {
    if (statements == Statements::several_rows) return tx.insert_absent("ledger_transactions", transactions);
    std::int64_t inserted = 0;
    for (const Transaction& transaction : transactions) {
        inserted += tx.insert_if_absent("ledger_transactions", transaction) ? 1 : 0;
    }
    return inserted;
}

}  // namespace

PreparedPosting prepared(const Transfer& transfer) {
    Posting posting = posting_of(transfer);
    check_posting(posting);
    std::string fingerprint = fingerprint_of({.posting = posting});
    return {std::move(posting), std::move(fingerprint)};
}

std::vector<TransactionId> book_all(Tx& tx, std::span<const PreparedPosting> postings,
                                    Statements statements) {
    std::vector<Transaction> transactions;
    std::vector<TransactionId> ids;
    for (const auto& [posting, fingerprint] : postings) {
        transactions.push_back(made_of(tx, {.posting = posting}, fingerprint));
        ids.push_back(transactions.back().id);
    }
    if (insert_absent(tx, transactions, statements) != std::ssize(transactions)) {
        throw UnusualBatch("a reference is taken");
    }
    write_parts(tx, transactions, statements);

    const Turnovers turnovers = turnovers_of(postings);
    const std::vector<Turnovers::value_type> rows(turnovers.begin(), turnovers.end());
    constexpr std::size_t slice = row_counts[std::size(row_counts) - 1];
    for (std::size_t first = 0; first < rows.size(); first += slice) {
        const auto part = std::span(rows).subspan(first, std::min(slice, rows.size() - first));
        if (update_balances(tx, part) != std::ssize(part)) throw UnusualBatch("a balance did not change");
    }
    return ids;
}

}  // namespace pamoja::ledger::internal
