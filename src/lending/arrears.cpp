#include "lending/arrears.hpp"

#include <algorithm>

namespace pamoja::lending {

AgeingBucket ageing_bucket_of(int days_past_due) {
    if (days_past_due <= 0) return AgeingBucket::current;
    if (days_past_due <= 30) return AgeingBucket::days_1_to_30;
    if (days_past_due <= 60) return AgeingBucket::days_31_to_60;
    if (days_past_due <= 90) return AgeingBucket::days_61_to_90;
    return AgeingBucket::over_90_days;
}

bool is_overdue(const InstalmentDues& instalment, const Date& today) {
    return instalment.due_on < today && instalment.scheduled_outstanding().is_positive();
}

Arrears arrears_of(std::span<const InstalmentDues> instalments, const Date& today) {
    if (instalments.empty()) return {};
    const Money nothing = Money::zero(instalments.front().principal.due.currency());
    Arrears arrears{
        .overdue_interest = nothing, .overdue_principal = nothing, .outstanding_principal = nothing};
    for (const auto& instalment : instalments) {
        arrears.outstanding_principal += instalment.principal.outstanding();
        if (!is_overdue(instalment, today)) continue;
        arrears.days_past_due = std::max(arrears.days_past_due, instalment.due_on.days_until(today));
        ++arrears.instalments_overdue;
        arrears.overdue_interest += instalment.interest.outstanding();
        arrears.overdue_principal += instalment.principal.outstanding();
    }
    return arrears;
}

PortfolioAtRisk portfolio_at_risk(std::span<const Arrears> loans) {
    if (loans.empty()) return {};
    const Money nothing = Money::zero(loans.front().outstanding_principal.currency());
    PortfolioAtRisk portfolio{nothing, nothing, nothing, nothing, nothing};
    for (const auto& loan : loans) {
        portfolio.outstanding += loan.outstanding_principal;
        if (loan.days_past_due > 0) portfolio.par_1 += loan.outstanding_principal;
        if (loan.days_past_due > 30) portfolio.par_30 += loan.outstanding_principal;
        if (loan.days_past_due > 60) portfolio.par_60 += loan.outstanding_principal;
        if (loan.days_past_due > 90) portfolio.par_90 += loan.outstanding_principal;
    }
    return portfolio;
}

std::vector<Penalty> penalties_to_charge(std::span<const InstalmentDues> instalments,
                                         const PenaltyTerms& terms, const Date& today,
                                         const std::set<PenaltyMonth>& already_charged) {
    std::vector<Penalty> penalties;
    for (const auto& instalment : instalments) {
        if (!is_overdue(instalment, today.plus_days(-terms.grace_days))) continue;
        const Money amount = instalment.scheduled_outstanding().share(terms.monthly_rate, Rounding::half_up);
        if (!amount.is_positive()) continue;
        for (int month = 1; instalment.due_on.plus_months(month - 1) < today; ++month) {
            const PenaltyMonth of{.instalment = instalment.number, .month = month};
            if (!already_charged.contains(of)) penalties.push_back({.of = of, .amount = amount});
        }
    }
    return penalties;
}

}  // namespace pamoja::lending
