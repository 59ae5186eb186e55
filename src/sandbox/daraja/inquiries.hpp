#pragma once
#include "sandbox/daraja/payouts.hpp"

namespace pamoja::sandbox::daraja {

// Commands about what has happened already: transaction status, account balance and reversal. Each answers at
// once and posts its result shortly after.
class Inquiries {
  public:
    Inquiries(Network& network, Payouts& payouts) : network_(network), payouts_(payouts) {}

    std::string transaction_status(const Command&);
    std::string account_balance(const Command&);
    std::string reverse(const Command&);

  private:
    void post_status(const Conversation&, const std::string& transaction_id,
                     const std::string& conversation_id);
    void post_reversal(const Conversation&, const std::string& transaction_id, const std::string& short_code,
                       const Money& amount);

    Network& network_;
    Payouts& payouts_;
};

}  // namespace pamoja::sandbox::daraja
