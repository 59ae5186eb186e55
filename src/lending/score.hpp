#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"

namespace pamoja::lending {

enum class KycStanding { none, pending, verified, rejected };
constexpr std::array<const char*, 4> names(KycStanding) {
    return {"none", "pending", "verified", "rejected"};
}

// What is known of a borrower when a loan is asked for. All amounts are of one currency.
struct ScoreFacts {
    Money requested{};
    Money instalment{};                     // what the loan would cost a month
    std::optional<Money> monthly_income{};  // empty or zero: not stated
    Money other_monthly_debt{};             // instalments of loans that run already
    std::optional<int> employment_months{};
    int loans_completed = 0;
    int loans_running = 0;
    int instalments_late = 0;  // paid after their due date, over all loans so far
    int days_past_due = 0;     // of the worst loan that runs now
    KycStanding kyc = KycStanding::none;
};

struct ScoreReason {
    std::string code;  // "debt_service_low", …: stable
    std::string text;  // a sentence for the borrower and the loan officer
    int points = 0;

    bool operator==(const ScoreReason&) const = default;
};

inline constexpr int score_min = 300;
inline constexpr int score_max = 850;
inline constexpr int score_base = 560;  // of a borrower of whom nothing speaks for or against

// From score_min (avoid) to score_max (lend). The score is score_base plus the points of all reasons,
// exactly.
struct Score {
    int score = score_base;
    std::vector<ScoreReason> reasons;

    bool operator==(const Score&) const = default;
};

// The same facts always give the same score.
Score score_of(const ScoreFacts&);

}  // namespace pamoja::lending
