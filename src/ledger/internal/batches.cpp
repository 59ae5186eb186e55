#include "ledger/internal/batches.hpp"

#include <algorithm>

namespace pamoja::ledger::internal {
namespace {

struct Turnover {
    std::int64_t change = 0;
    std::int64_t debit = 0;  // not negative
};

// In the order of their ids, as change_balances changes rows.
using Turnovers = std::map<std::string_view, Turnover>;

Turnovers turnovers_of(std::span<const PreparedPosting> postings) {
    Turnovers turnovers;
    for (const PreparedPosting& prepared : postings) {
        for (const Leg& leg : prepared.posting.legs) {
            if (leg.account.is_system) continue;
            Turnover& turnover = turnovers[leg.account.id.text()];
            turnover.change += leg.amount.minor();
            if (leg.amount.is_negative()) turnover.debit -= leg.amount.minor();
        }
    }
    return turnovers;
}

void book_transactions(Tx& tx, std::span<const PreparedPosting> postings, std::span<const TransactionId> ids,
                       Statements statements) {
    static const auto bulk = Bulk::insert("ledger_transactions",
                                          {{"id", "TEXT"},
                                           {"reference", "TEXT"},
                                           {"memo", "TEXT"},
                                           {"effective_at", "BIGINT"},
                                           {"recorded_at", "BIGINT"},
                                           {"fingerprint", "TEXT"}},
                                          " ON CONFLICT DO NOTHING");
    std::vector<Cell> cells;
    cells.reserve(postings.size() * 6);
    for (std::size_t i = 0; i < postings.size(); ++i) {
        const Posting& posting = postings[i].posting;
        cells.emplace_back(ids[i].text());
        cells.emplace_back(posting.reference);
        cells.emplace_back(posting.memo);
        cells.emplace_back(posting.effective_at.value_or(tx.now()).micros());
        cells.emplace_back(tx.now().micros());
        cells.emplace_back(postings[i].fingerprint);
    }
    if (bulk.run(tx, cells, statements) != std::ssize(postings)) throw UnusualBatch("a reference is taken");
}

void book_entries(Tx& tx, std::span<const PreparedPosting> postings, std::span<const TransactionId> ids,
                  Statements statements) {
    static const auto bulk = Bulk::insert("ledger_entries", {{"transaction_id", "TEXT"},
                                                             {"account_id", "TEXT"},
                                                             {"amount", "BIGINT"},
                                                             {"currency", "TEXT"},
                                                             {"effective_at", "BIGINT"}});
    std::vector<Cell> cells;
    cells.reserve(postings.size() * 2 * 5);
    for (std::size_t i = 0; i < postings.size(); ++i) {
        const Posting& posting = postings[i].posting;
        for (const Leg& leg : posting.legs) {
            cells.emplace_back(ids[i].text());
            cells.emplace_back(leg.account.id.text());
            cells.emplace_back(leg.amount.minor());
            cells.emplace_back(std::string(leg.amount.currency().code()));
            cells.emplace_back(posting.effective_at.value_or(tx.now()).micros());
        }
    }
    bulk.run(tx, cells, statements);
}

void book_metadata(Tx& tx, std::span<const PreparedPosting> postings, std::span<const TransactionId> ids,
                   Statements statements) {
    static const auto bulk =
        Bulk::insert("ledger_metadata", {{"transaction_id", "TEXT"}, {"name", "TEXT"}, {"value", "TEXT"}});
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < postings.size(); ++i) {
        for (const auto& [name, value] : postings[i].posting.metadata) {
            cells.emplace_back(ids[i].text());
            cells.emplace_back(name);
            cells.emplace_back(value);
        }
    }
    bulk.run(tx, cells, statements);
}

void leave_all_for_sealing(Tx& tx, std::span<const TransactionId> ids, Statements statements) {
    static const auto bulk =
        Bulk::insert("ledger_unsealed", {{"subject_id", "TEXT"}, {"subject_kind", "TEXT"}});
    std::vector<Cell> cells;
    cells.reserve(ids.size() * 2);
    for (const TransactionId& id : ids) {
        cells.emplace_back(id.text());
        cells.emplace_back(std::string(name_of(SubjectKind::transaction)));
    }
    bulk.run(tx, cells, statements);
}

void change_all_balances(Tx& tx, const Turnovers& turnovers, Statements statements) {
    static const auto bulk = Bulk::statement(
        {{"account_id", "TEXT"}, {"change", "BIGINT"}, {"debit", "BIGINT"}},
        "UPDATE ledger_balances SET posted = posted + CAST($2 AS BIGINT) WHERE tenant_id = :tenant "
        "AND account_id = $1 AND (floor IS NULL OR posted - held - CAST($3 AS BIGINT) >= floor)",
        "UPDATE ledger_balances SET posted = posted + given.change FROM ",
        " WHERE tenant_id = :tenant AND ledger_balances.account_id = given.account_id "
        "AND (floor IS NULL OR posted - held - given.debit >= floor)");
    std::vector<Cell> cells;
    cells.reserve(turnovers.size() * 3);
    for (const auto& [account, turnover] : turnovers) {
        cells.emplace_back(std::string(account));
        cells.emplace_back(turnover.change);
        cells.emplace_back(turnover.debit);
    }
    if (bulk.run(tx, cells, statements) != std::ssize(turnovers)) {
        throw UnusualBatch("a balance did not change");
    }
}

}  // namespace

PreparedPosting prepared(Transfer transfer) {
    Posting posting = posting_of(std::move(transfer));
    check_posting(posting);
    std::string fingerprint = fingerprint_of({.posting = posting});
    return {std::move(posting), std::move(fingerprint)};
}

std::vector<TransactionId> book_all(Tx& tx, std::span<const PreparedPosting> postings,
                                    Statements statements) {
    std::vector<TransactionId> ids;
    ids.reserve(postings.size());
    for (std::size_t i = 0; i < postings.size(); ++i) ids.push_back(tx.new_id<TransactionId>());
    // In their order, so that each table grows at its end.
    std::ranges::sort(ids);
    book_transactions(tx, postings, ids, statements);
    book_metadata(tx, postings, ids, statements);
    book_entries(tx, postings, ids, statements);
    leave_all_for_sealing(tx, ids, statements);
    change_all_balances(tx, turnovers_of(postings), statements);
    return ids;
}

}  // namespace pamoja::ledger::internal
