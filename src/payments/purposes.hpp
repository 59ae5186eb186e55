#pragma once
#include <functional>
#include <map>
#include <string>

#include "connectors/mpesa/callback.hpp"
#include "ledger/transactions.hpp"
#include "payments/payment.hpp"

namespace pamoja::payments {

// What a product does about its payments, in the transaction that decides them. Both run at most once per
// payment, but `completed` may follow `failed`: a success that the provider reports late still counts.
struct Purpose {
    // Posts the money: the given leg on our account with the provider, and the product's own legs. The
    // reference makes the posting happen once.
    std::function<void(Tx&, const Payment&, const ledger::Leg& provider_leg, const std::string& reference)>
        completed;
    std::function<void(Tx&, const Payment&)> failed;
};

// Who owns which payments. Filled by the composition root.
struct Purposes {
    std::map<std::string, Purpose, std::less<>> by_name;
    // Whose money it is when a customer pays from the handset's menu; empty when the bill reference says
    // nothing.
    std::function<std::optional<NewPayment>(Tx&, const mpesa::CustomerPayment&)> explain;
};

}  // namespace pamoja::payments
