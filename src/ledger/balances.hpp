#pragma once
#include "ledger/transactions.hpp"

namespace pamoja::ledger {

// A system account has nothing held and no floor.
struct Balance {
    Money posted;
    Money held;
    std::optional<Money> floor;

    Money available() const { return posted - held; }
};

// One row for a customer account; for a system account what is sealed plus what is not yet.
Balance balance_of(Tx&, const Account&);

// The sum of what was effective at or before an instant, as the books stand now: what is booked later for an
// earlier time counts.
Money balance_at(Tx&, const Account&, Timestamp);

// The sum of the account's entries that pass all bounds that are given; the account of the filter is ignored.
// With a bound and metadata together: the interest that was paid on one loan until the end of May.
Money turnover(Tx&, const Account&, const TransactionFilter&);

}  // namespace pamoja::ledger
