#include "lending/score.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <span>

namespace pamoja::lending {
namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

// One band of a scale: it holds for values up to and including `up_to` that no band before it took.
struct Band {
    std::int64_t up_to;
    int points;
    const char* code;
    const char* text;
};

// Points are tuned so that the best of every table reaches 850 and the worst 300: no score is cut off, and
// the reasons always explain it to the point.

// Per cent of the monthly income that goes into instalments, this loan's included.
constexpr std::array<Band, 5> debt_service{{
    {20, 60, "debt_service_low", "Instalments would take no more than a fifth of the monthly income."},
    {30, 40, "debt_service_fair", "Instalments would take no more than 30 per cent of the monthly income."},
    {40, 15, "debt_service_tight", "Instalments would take no more than 40 per cent of the monthly income."},
    {50, -20, "debt_service_high", "Instalments would take up to half of the monthly income."},
    {no_limit, -70, "debt_service_excessive", "Instalments would take more than half of the monthly income."},
}};

// Per cent of one month's income that is asked for.
constexpr std::array<Band, 4> request_size{{
    {100, 30, "request_small", "The amount is no more than one month's income."},
    {300, 15, "request_moderate", "The amount is no more than three months' income."},
    {600, -5, "request_large", "The amount is no more than six months' income."},
    {no_limit, -30, "request_very_large", "The amount is more than six months' income."},
}};

// Months in the present occupation.
constexpr std::array<Band, 5> employment{{
    {5, -20, "employment_new", "The present occupation is less than half a year old."},
    {11, 0, "employment_recent", "The present occupation is less than a year old."},
    {23, 15, "employment_settled", "The present occupation is at least a year old."},
    {59, 25, "employment_steady", "The present occupation is at least two years old."},
    {no_limit, 40, "employment_long", "The present occupation is at least five years old."},
}};

constexpr std::array<Band, 4> completed{{
    {0, 0, "none_completed", "No loan is repaid in full yet."},
    {1, 25, "one_completed", "One loan was repaid in full."},
    {3, 40, "some_completed", "Several loans were repaid in full."},
    {no_limit, 60, "many_completed", "Four or more loans were repaid in full."},
}};

constexpr std::array<Band, 4> lateness{{
    {0, 40, "always_on_time", "Every instalment so far was paid on time."},
    {2, -5, "seldom_late", "One or two instalments were paid late."},
    {5, -25, "sometimes_late", "Several instalments were paid late."},
    {no_limit, -50, "often_late", "Many instalments were paid late."},
}};

constexpr std::array<Band, 3> overdue{{
    {0, 0, "nothing_overdue", "Nothing is overdue now."},
    {30, -40, "overdue_now", "A running loan is overdue."},
    {no_limit, -60, "overdue_long", "A running loan is overdue by more than 30 days."},
}};

constexpr Band income_unknown{0, -100, "income_unknown", "The monthly income is not stated."};
constexpr Band employment_unknown{0, -10, "employment_unknown",
                                  "The time in the present occupation is not stated."};
constexpr Band first_loan{0, -10, "first_loan",
                          "This would be the first loan, so there is no history of repayment."};

ScoreReason reason_of(const Band& band) {
    return {.code = band.code, .text = band.text, .points = band.points};
}

ScoreReason rate(std::span<const Band> bands, std::int64_t value) {
    for (const auto& band : bands)
        if (value <= band.up_to) return reason_of(band);
    std::abort();  // every table ends without a limit
}

// Rounded up, so that what passes a limit by a cent has passed it.
std::int64_t percent_of(const Money& part, const Money& whole) {
    assert(part.currency() == whole.currency());
    const Int128 percent = divide(Int128{100} * part.minor(), whole.minor(), Rounding::up);
    return static_cast<std::int64_t>(std::min(percent, Int128{no_limit}));
}

void rate_income(const ScoreFacts& facts, std::vector<ScoreReason>& reasons) {
    const Money income = facts.monthly_income.value_or(Money::zero(facts.requested.currency()));
    if (!income.is_positive()) {
        reasons.push_back(reason_of(income_unknown));
        return;
    }
    reasons.push_back(rate(debt_service, percent_of(facts.instalment + facts.other_monthly_debt, income)));
    reasons.push_back(rate(request_size, percent_of(facts.requested, income)));
}

void rate_history(const ScoreFacts& facts, std::vector<ScoreReason>& reasons) {
    if (facts.loans_completed == 0 && facts.loans_running == 0) {
        reasons.push_back(reason_of(first_loan));
        return;
    }
    reasons.push_back(rate(completed, facts.loans_completed));
    reasons.push_back(rate(lateness, facts.instalments_late));
    reasons.push_back(rate(overdue, facts.days_past_due));
}

ScoreReason rate_kyc(KycStanding kyc) {
    switch (kyc) {
        case KycStanding::none:
            return {"kyc_none", "No identity documents were handed in.", -10};
        case KycStanding::pending:
            return {"kyc_pending", "Identity documents wait for their review.", 0};
        case KycStanding::verified:
            return {"kyc_verified", "The identity is verified.", 60};
        case KycStanding::rejected:
            return {"kyc_rejected", "The identity documents were refused.", -30};
    }
    std::abort();
}

}  // namespace

Score score_of(const ScoreFacts& facts) {
    Score result;
    rate_income(facts, result.reasons);
    result.reasons.push_back(facts.employment_months ? rate(employment, *facts.employment_months)
                                                     : reason_of(employment_unknown));
    rate_history(facts, result.reasons);
    result.reasons.push_back(rate_kyc(facts.kyc));
    for (const auto& reason : result.reasons) result.score += reason.points;
    return result;
}

}  // namespace pamoja::lending
