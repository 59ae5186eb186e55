#pragma once
#include <span>

#include "ledger/internal/books.hpp"
#include "ledger/internal/bulk.hpp"

namespace pamoja::ledger::internal {

// A posting that has passed the checks that need no database.
struct PreparedPosting {
    Posting posting;
    std::string fingerprint;
};

PreparedPosting prepared(Transfer);  // throws invalid_posting

// Something about a batch is not plain: a reference that is taken, too little money, an account that is not
// open. Which of its postings it is shows when each is posted by itself.
struct UnusualBatch : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Books all of the postings with few statements, or throws UnusualBatch or what the database throws. An
// account must be able to pay all its debits from what it has before the batch, so whatever is booked could
// have been booked one by one in any order. Returns the ids in the order of the postings.
std::vector<TransactionId> book_all(Tx&, std::span<const PreparedPosting>, Statements);

}  // namespace pamoja::ledger::internal
