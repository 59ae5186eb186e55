#pragma once
#include "lending/loans.hpp"

namespace pamoja::lending {

inline constexpr Reason too_many_applications{FailureKind::conflict, "too_many_applications"};
inline constexpr Reason not_decidable{FailureKind::conflict, "not_decidable"};
inline constexpr Reason kyc_required{FailureKind::conflict, "kyc_required"};

struct LoanRequest {
    std::string product_id;
    Money requested_amount{};
    int requested_tenure = 0;
    std::string purpose = {};
    std::optional<Employment> employment_info = {};
};

// Asks for a loan. Throws validation_failed that names the field for what the product does not offer or the
// borrower is not eligible for, too_many_applications while ten wait for a decision.
Loan apply(Tx&, const UserId& borrower, const LoanRequest&);

// What a loan would cost, month by month on average: for estimates. FlexiFinance 2.1.
Money monthly_payment(const Loan&);

struct Approval {
    std::optional<Money> amount = {};  // as requested when absent
    std::optional<int> tenure = {};
    std::optional<Rate> interest_rate = {};  // the product's when absent
    std::string notes = {};
};

// An officer looks into it: submitted becomes under_review.
Loan start_review(Tx&, const LoanId&, const UserId& officer, const std::string& notes);
// Throws not_decidable in any other state, kyc_required where the product demands it, forbidden for one's own
// loan, validation_failed for terms outside of the product. Pays out at once where the product says so.
Loan approve(Tx&, const LoanId&, const Approval&, const UserId& officer);
Loan reject(Tx&, const LoanId&, const std::string& reason, const std::string& notes, const UserId& officer);

}  // namespace pamoja::lending
