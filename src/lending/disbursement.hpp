#pragma once
#include "ledger/transactions.hpp"
#include "lending/loans.hpp"
#include "payments/purposes.hpp"

namespace pamoja::lending {

inline constexpr Reason not_payable{FailureKind::conflict, "not_payable"};
inline constexpr Reason payout_under_way{FailureKind::conflict, "payout_under_way"};

inline constexpr const char* disbursement_purpose = "loan.disbursement";
inline constexpr const char* processing_fee_purpose = "loan.processing_fee";  // a charge

// The day that it is where the tenant does its business.
Date today_of(Tx&);
// What events tell about a loan.
json::Value loan_facts(const Loan&);
// Instalments of a loan that were paid after their day.
int late_instalments(Tx&, const LoanId&);

// Sends the principal of an approved loan to the borrower's phone. Throws not_payable in any other state, and
// payout_under_way while an earlier payout may still go through: nothing is ever paid twice.
Loan start_payout(Tx&, const LoanId&);

// The payout went through: the schedule begins, the loan is on the book, the fee is charged.
void payout_completed(Tx&, const payments::Payment&, const ledger::Leg& provider_leg,
                      const std::string& reference);
void payout_failed(Tx&, const payments::Payment&);

// A back office paid an approved loan out by other means: from the bank account instead of the M-Pesa float.
// Once per loan; a loan that runs already stays as it is. Throws not_payable otherwise, payout_under_way
// while a payout of ours may still go through.
Loan record_outside_disbursement(Tx&, const LoanId&, const std::string& transaction_reference);

// Money left for something that did not wait for it: a claim in suspense that an operator has to settle.
void book_stray_payout(Tx&, const payments::Payment&, const ledger::Leg& provider_leg,
                       const std::string& reference);

}  // namespace pamoja::lending
