#pragma once
#include "lending/arrears.hpp"
#include "lending/products.hpp"
#include "lending/score.hpp"

namespace pamoja::lending {

using LoanId = Id<struct LoanTag>;

// submitted → under_review → approved → active → completed, or rejected, or active → written_off.
enum class LoanStatus { draft, submitted, under_review, approved, rejected, active, completed, written_off };
constexpr std::array<const char*, 8> names(LoanStatus) {
    return {"draft",    "submitted", "under_review", "approved",
            "rejected", "active",    "completed",    "written_off"};
}

struct Employment {
    std::string occupation = {};
    std::string employer_name = {};
    std::optional<Money> monthly_income = {};
    std::optional<int> employment_duration = {};  // months

    void describe(Fields&);
};

struct ScoreNote {
    std::string code;
    std::string text;
    int points = 0;

    void describe(Fields&);
};

// An application, and the loan that it becomes.
struct Loan {
    LoanId id;
    std::string reference;  // "LF202600001"
    UserId user_id;
    std::string product_id;
    std::string product_name;
    LoanStatus status = LoanStatus::submitted;
    Money requested_amount{};
    int requested_tenure = 0;
    Money principal{};  // as approved; as requested until then
    int tenure = 0;
    Rate interest_rate{};
    Money total_interest{};
    std::string purpose;
    Employment employment;
    int risk_score = 0;
    std::vector<ScoreNote> risk_reasons = {};
    Timestamp submitted_at{};
    std::optional<Timestamp> reviewed_at = {};
    std::optional<Timestamp> decided_at = {};
    std::optional<UserId> decided_by = {};
    std::optional<std::string> rejection_reason = {};
    std::optional<std::string> admin_notes = {};
    std::optional<Timestamp> disbursed_at = {};
    std::optional<std::string> payout_id = {};
    std::int64_t payout_attempts = 0;
    std::optional<Timestamp> closed_at = {};

    Money total() const { return principal + total_interest; }
    void describe(Fields&);
};

Loan loan_of(Tx&, const UserId& borrower, const LoanId&);  // throws not_found for a stranger's
Loan loan_with(Tx&, const LoanId&);                        // for officers and jobs; throws not_found
std::optional<Loan> loan_with_reference(Tx&, std::string_view reference);

struct LoanFilter {
    std::optional<UserId> borrower = {};
    std::vector<LoanStatus> statuses = {};  // any of these; all when empty
};
Page<Loan> loans_matching(Tx&, const LoanFilter&, const PageRequest&);  // newest application first
Page<Loan> applications_to_decide(Tx&, const PageRequest&);             // oldest first

// Rewrites what changes in a loan's life.
void save(Tx&, const Loan&);

// What each instalment demands and what of it is paid, in order; empty before the disbursement.
std::vector<InstalmentDues> dues_of(Tx&, const LoanId&);
void insert_dues(Tx&, const LoanId&, const std::vector<InstalmentDues>&);
void save_dues(Tx&, const LoanId&, const std::vector<InstalmentDues>&);

// What is still to be paid of the schedule: interest and principal.
Money remaining_of(const std::vector<InstalmentDues>&, Currency);
// The first instalment of which something of the schedule is unpaid.
const InstalmentDues* next_instalment(const std::vector<InstalmentDues>&);

}  // namespace pamoja::lending
