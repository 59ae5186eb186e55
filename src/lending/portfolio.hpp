#pragma once
#include "lending/loans.hpp"

namespace pamoja::lending {

// The book as an officer sees it. Portfolio at risk is the outstanding principal of loans that are late by
// more than so many days; each figure contains the next.
struct Portfolio {
    std::int64_t loans_active = 0;
    std::int64_t loans_late = 0;
    std::int64_t applications_waiting = 0;
    Money outstanding_principal{};
    Money par_1{};
    Money par_30{};
    Money par_60{};
    Money par_90{};
    Money disbursed_total{};
    Money collected_total{};
    Money written_off_total{};
};
Portfolio portfolio(Tx&, Currency);

// Loans that are late, the latest first.
struct LateLoan {
    LoanId loan_id;
    Date oldest_due_on;
    Money outstanding_principal{};  // of the whole loan, as in the portfolio at risk

    void describe(Fields&);
};
Page<LateLoan> late_loans(Tx&, const PageRequest&);

// What does not hold between loans, their instalments and the ledger, in sentences: principal and interest of
// the schedule, what is paid against what came in, the loan book against what borrowers owe. Empty when all
// is well.
std::vector<std::string> check(Tx&);

}  // namespace pamoja::lending
