#pragma once
#include "crypto/keyring.hpp"
#include "jobs/handlers.hpp"

namespace pamoja::faces::upflame {

// Writes to the customer when a booking is confirmed, refused or cancelled, and before it begins. A tenant
// words these messages by its templates; one that it does not have is not sent. The keyring must outlive the
// handlers.
void handle_booking_notices(jobs::Handlers&, const crypto::Keyring&);

// The templates of a new tenant besides booking_confirmation. Leaves those that are there as they are.
void seed_booking_templates(Tx&);

}  // namespace pamoja::faces::upflame
