#pragma once
#include "faces/flexifinance/services.hpp"
#include "faces/shared/api.hpp"
#include "lending/loans.hpp"

namespace pamoja::faces::flexifinance {

// The officers' routes, by what they are about.
void mount_admin_loans(Api&);
void mount_admin_products(Api&);
void mount_admin_books(Api&);  // portfolio and suspense

// An officer's decision, for the audit log.
void record_decision(Call&, const char* action, const lending::Loan&);

}  // namespace pamoja::faces::flexifinance
