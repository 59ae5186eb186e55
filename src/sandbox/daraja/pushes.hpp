#pragma once
#include <map>

#include "sandbox/daraja/network.hpp"
#include "sandbox/daraja/wire.hpp"
#include "sandbox/shelf.hpp"

namespace pamoja::sandbox::daraja {

using Passkeys = std::map<std::string, std::string>;  // by short code

// Payment requests on the customer's handset (STK push). Answers are JSON; refusals are thrown.
class Pushes {
  public:
    Pushes(Network& network, Passkeys passkeys) : network_(network), passkeys_(std::move(passkeys)) {}

    std::string request(const Command&);
    std::string query(const Command&);
    void clear();

  private:
    struct Push {
        std::string checkout_request_id;
        std::string merchant_request_id;
        std::string short_code;
        std::string phone;  // "254700123456"
        std::string account_reference;
        std::string callback_url;
        Money amount;
        Plan plan;
        Verdict verdict;  // its code is empty while nothing is decided
        Movement movement;
    };

    std::string require_merchant(const Command&) const;
    Push read(const Command&) const;
    void schedule(const Push&);
    void decide(const std::string& checkout_request_id, Verdict, bool is_told);
    std::string callback_of(const Push&) const;

    Network& network_;
    const Passkeys passkeys_;
    std::mutex mutex_;
    Shelf<Push> pushes_;
};

}  // namespace pamoja::sandbox::daraja
