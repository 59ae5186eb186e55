#pragma once
#include "ledger/accounts.hpp"
#include "lending/loans.hpp"

namespace pamoja::lending {

// Where lending's money stands in the ledger. The house's accounts are per currency.
ledger::Account loan_book(Tx&, Currency);  // asset: principal that borrowers owe
ledger::Account interest_income(Tx&, Currency);
ledger::Account fee_income(Tx&, Currency);
ledger::Account penalty_income(Tx&, Currency);
ledger::Account recovery_income(Tx&, Currency);  // what still comes in after a write-off
ledger::Account write_off_expense(Tx&, Currency);
ledger::Account fees_receivable(Tx&, const Loan&);  // asset: processing fee that is charged and not paid
ledger::Account credit_of(Tx&, const UserId&, Currency);  // liability: what a borrower paid too much

Money credit_balance(Tx&, const UserId&, Currency);  // available
Money fees_outstanding(Tx&, const Loan&);

}  // namespace pamoja::lending
