#pragma once
#include "lending/disbursement.hpp"

namespace pamoja::lending {

inline constexpr Reason nothing_to_pay{FailureKind::conflict, "nothing_to_pay"};
inline constexpr Reason no_credit{FailureKind::conflict, "no_credit"};

inline constexpr const char* repayment_purpose = "loan.repayment";
inline constexpr const char* fee_purpose = "loan.fee";
inline constexpr const char* refund_purpose = "loan.credit_refund";

// Where an incoming amount went.
struct Receipt {
    std::string id;
    LoanId loan_id;
    std::string source;  // "payment:UUID", "credit:…"
    Money amount{};
    Money surplus{};                        // beyond what the loan demands; it stays as the borrower's credit
    std::vector<std::string> applications;  // "1 interest KES 125.00", in order
    Timestamp received_at{};

    void describe(Fields&);
};

// A repayment arrived: penalty, fee, interest, principal, oldest instalment first; what is left over pays an
// open processing fee and then stays as the borrower's credit. After a write-off it is recovery income.
void repayment_completed(Tx&, const payments::Payment&, const ledger::Leg& provider_leg,
                         const std::string& reference);
void repayment_failed(Tx&, const payments::Payment&);
// The same for a payment that is meant for the processing fee.
void fee_completed(Tx&, const payments::Payment&, const ledger::Leg& provider_leg,
                   const std::string& reference);

// Uses the borrower's credit for what is due by today; returns what it paid.
Money use_credit(Tx&, const Loan&);

// What it would take to be done with the loan today.
struct Payoff {
    Money principal{};
    Money interest{};
    Money penalties{};
    Money fees{};
    Money credit{};  // of the borrower, which counts against it

    Money total() const;
};
Payoff payoff_of(Tx&, const Loan&);

// Sends the borrower's credit back by payout. Throws no_credit when there is none.
payments::Payment refund_credit(Tx&, const UserId& borrower, Currency, const std::string& idempotency_key);
void refund_completed(Tx&, const payments::Payment&, const ledger::Leg& provider_leg,
                      const std::string& reference);
void refund_failed(Tx&, const payments::Payment&);

// Takes a loan off the book as a loss. Throws not_payable unless it is active.
Loan write_off(Tx&, const LoanId&, const UserId& officer, const std::string& notes);

}  // namespace pamoja::lending
