#pragma once
#include "ledger/balances.hpp"

namespace pamoja::ledger {

struct StatementLine {
    TransactionId transaction_id;
    std::string reference;
    std::string memo;
    Timestamp effective_at;
    Money amount;
    Money balance_after;

    void describe(Fields&);
};

struct Statement {
    Money opening;
    Money closing;
    Page<StatementLine> lines;  // oldest first
};

// The lines with from <= effective_at < until. The opening balance is that before `from`, the closing one
// that after the last line of the last page.
struct StatementPeriod {
    Timestamp from;
    Timestamp until;
};

Statement statement(Tx&, const Account&, const StatementPeriod&, const PageRequest& = {});

}  // namespace pamoja::ledger
