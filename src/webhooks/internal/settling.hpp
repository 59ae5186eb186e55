#pragma once
#include "webhooks/internal/answer.hpp"
#include "webhooks/sending.hpp"

namespace pamoja::webhooks {

// Writes an attempt to the log, and what follows from its answer for the delivery and the endpoint.
void settle(Tx&, const Delivery&, Attempt, const Answer&, const SendingRules&);

}  // namespace pamoja::webhooks
