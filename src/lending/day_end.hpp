#pragma once
#include "jobs/handlers.hpp"
#include "lending/repayment.hpp"

namespace pamoja::lending {

// What a night brings for one loan: the penalties that its overdue instalments have earned by today, and the
// use of the borrower's credit for what is due. Running it twice on a day changes nothing the second time.
void close_day_for(Tx&, const LoanId&);

// Registers the nightly job, which walks through the active loans in batches; it goes on where it was
// stopped.
// Days end for the tenants of those groups.
void handle_jobs(jobs::Handlers&, std::vector<std::string> tenant_groups);

// Tells payments who owns what, and whose money it is that arrives from the handset's menu with a loan's
// reference.
void own_payments(payments::Purposes&);

}  // namespace pamoja::lending
