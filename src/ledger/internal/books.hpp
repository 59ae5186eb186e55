#pragma once
#include <span>

#include "ledger/chain.hpp"
#include "ledger/transactions.hpp"

namespace pamoja::ledger::internal {

// A posting with what only the ledger itself may say about it.
struct Booking {
    const Posting& posting;
    std::optional<TransactionId> reverses_id = std::nullopt;
    std::optional<HoldId> hold_id = std::nullopt;
    std::string_view rest = "";  // a settlement's choice, for the comparison of repetitions
};

struct Booked {
    Transaction transaction;
    bool is_new = false;
};

// Checks the posting and writes its rows; the balances are the caller's to change when it is new. Throws as
// post does, and already_reversed when reverses_id is taken.
Booked book(Tx&, const Booking&);

// Throws invalid_posting as post does.
void check_posting(const Posting&);
Posting posting_of(Transfer);  // throws invalid_posting

// What is done to the row of a customer account.
struct BalanceChange {
    AccountId account_id;
    std::int64_t posted = 0;
    std::int64_t held = 0;
};

// Changes the rows in the order of their ids, so that two transactions wait for each other in one direction
// only. Throws insufficient_funds when the available balance of one would fall below its floor.
void change_balances(Tx&, std::vector<BalanceChange>);
// The changes that legs make; those of system accounts make none.
std::vector<BalanceChange> changes_of(const std::vector<Leg>&);

// Has the next pass of sealing take this up.
void leave_for_sealing(Tx&, SubjectKind, const std::string& subject_id);

// The mark of what the caller asked for: SHA-256 in hex.
std::string fingerprint_of(const Booking&);

}  // namespace pamoja::ledger::internal
