#pragma once
#include <map>

#include "ledger/accounts.hpp"

namespace pamoja::ledger {

inline constexpr Reason invalid_posting{FailureKind::invalid, "invalid_posting"};
inline constexpr Reason reference_conflict{FailureKind::conflict, "reference_conflict"};
inline constexpr Reason already_reversed{FailureKind::conflict, "already_reversed"};
inline constexpr Reason not_reversible{FailureKind::conflict, "not_reversible"};

using TransactionId = Id<struct TransactionTag>;
using HoldId = Id<struct HoldTag>;
using Metadata = std::map<std::string, std::string>;

// No single leg moves more than this many minor units, so that sums stay far from the edge of 64 bits.
inline constexpr std::int64_t leg_max_minor = 1'000'000'000'000'000;

struct Leg {
    Account account;
    Money amount;  // positive: credit; negative: debit
};

// Two legs or more that sum to zero in each currency, each account at most once. A change of currency goes
// through a liquidity account of either currency.
struct Posting {
    std::string reference;  // what makes it happen once: "mpesa:NLJ7RT61SV", "loan:UUID:disbursed"
    std::string memo = {};  // for the statement's reader
    Metadata metadata = {};
    std::optional<Timestamp> effective_at = std::nullopt;  // now, unless it is booked for another time
    std::vector<Leg> legs = {};
};

// The posting with two legs. The amount is positive.
struct Transfer {
    Account from;
    Account to;
    Money amount;
    std::string reference;
    std::string memo = {};
    Metadata metadata = {};
    std::optional<Timestamp> effective_at = std::nullopt;
};

struct Entry {
    TransactionId transaction_id;
    AccountId account_id;
    Money amount;
    Timestamp effective_at;

    void describe(Fields&);
};

// What is on the books. It never changes; a reversal is another transaction.
struct Transaction {
    TransactionId id;
    std::string reference;
    std::string memo;
    Timestamp effective_at;
    Timestamp recorded_at;
    std::optional<TransactionId> reverses_id;
    std::optional<HoldId> hold_id;  // the hold that this transaction settled, in part or whole
    std::string fingerprint;        // of what the caller asked for; tells a repetition from a conflict
    Metadata metadata;
    std::vector<Entry> entries;  // debits first

    void describe(Fields&);  // the columns of its row: all but metadata and entries
};

// Puts a posting on the books. The same reference with the same content returns the transaction that is there
// already; with other content it throws reference_conflict. Throws insufficient_funds when a customer account
// would fall below its floor, and invalid_posting when the legs do not balance or are out of range.
Transaction post(Tx&, const Posting&);
Transaction post(Tx&, const Transfer&);

// Posts the opposite of a transaction, effective now. Idempotent by reference like post. Throws
// already_reversed when another reversal came first, not_reversible for a reversal, not_found, and
// insufficient_funds when the money is no longer there.
Transaction reverse(Tx&, const TransactionId&, const std::string& reference, const std::string& memo = {});

Transaction transaction_of(Tx&, const TransactionId&);  // throws not_found
std::optional<Transaction> find_transaction(Tx&, std::string_view reference);

// All bounds that are given must hold.
struct TransactionFilter {
    std::optional<AccountId> account = std::nullopt;
    std::optional<Timestamp> from = std::nullopt;   // effective at or after
    std::optional<Timestamp> until = std::nullopt;  // effective at or before
    std::optional<std::pair<std::string, std::string>> metadata = std::nullopt;
};

// Newest first.
Page<Transaction> transactions(Tx&, const TransactionFilter&, const PageRequest& = {});

}  // namespace pamoja::ledger
