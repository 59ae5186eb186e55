#pragma once
#include "payments/purposes.hpp"

namespace pamoja::payments {

// What the provider says of a payment that went through.
struct Evidence {
    std::string receipt;  // may be empty: a status query does not tell it
    std::string transaction_date;
    std::string result_code = "0";
    std::string result_text;
};

// Our money at M-Pesa, per currency: the account that provider legs go to.
ledger::Account float_account(Tx&, Currency);
ledger::Account suspense_account(Tx&, Currency);

// Books a payment as done and tells its product. Done before: only what was not known yet is added.
Payment complete(Tx&, const Purposes&, Payment, const Evidence&);
// Ends an open payment without money having moved: failed, cancelled or unknown. Changes nothing once it is
// completed.
Payment end(Tx&, const Purposes&, Payment, PaymentStatus, const std::string& code, const std::string& text);

}  // namespace pamoja::payments
