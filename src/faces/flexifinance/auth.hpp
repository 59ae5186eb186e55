#pragma once
#include "faces/flexifinance/services.hpp"
#include "faces/shared/api.hpp"
#include "identity/one_time_links.hpp"

namespace pamoja::faces::flexifinance {

// Sends a new link that works once to the person's address.
void send_verification(Call&, const identity::Person&);

// How an address that was written in a request is counted: by its digest, since it may be nobody's.
std::string address_subject(std::string_view email);

// Forgotten and changed passwords, and the verification of addresses.
void mount_account_recovery(Api&);

}  // namespace pamoja::faces::flexifinance
