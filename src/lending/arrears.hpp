#pragma once
#include <array>
#include <compare>
#include <set>
#include <span>
#include <vector>

#include "lending/allocation.hpp"

namespace pamoja::lending {

// How old the oldest unpaid scheduled amount of a loan is.
enum class AgeingBucket { current, days_1_to_30, days_31_to_60, days_61_to_90, over_90_days };
constexpr std::array<const char*, 5> names(AgeingBucket) {
    return {"current", "1_30", "31_60", "61_90", "over_90"};
}

AgeingBucket ageing_bucket_of(int days_past_due);

// Where a loan stands on a day. An instalment is overdue from the day after its due date for as long as
// interest or principal of it is unpaid; penalties and fees are outside the schedule and make nothing
// overdue.
struct Arrears {
    int days_past_due = 0;
    int instalments_overdue = 0;
    Money overdue_interest{};
    Money overdue_principal{};
    Money outstanding_principal{};  // of the whole loan, due or not

    Money overdue() const { return overdue_interest + overdue_principal; }
    AgeingBucket bucket() const { return ageing_bucket_of(days_past_due); }
    bool operator==(const Arrears&) const = default;
};

bool is_overdue(const InstalmentDues&, const Date& today);

// A loan without instalments stands at nothing in KES.
Arrears arrears_of(std::span<const InstalmentDues>, const Date& today);

// Portfolio at risk: the outstanding principal of all loans that are late by more than so many days. Each
// figure contains the next; par_1 is everything that is late at all.
struct PortfolioAtRisk {
    Money outstanding{};
    Money par_1{};
    Money par_30{};
    Money par_60{};
    Money par_90{};

    bool operator==(const PortfolioAtRisk&) const = default;
};

// Throws std::logic_error when the loans are of different currencies.
PortfolioAtRisk portfolio_at_risk(std::span<const Arrears>);

struct PenaltyTerms {
    Rate monthly_rate{};
    int grace_days = 0;  // days after the due date before a first penalty is charged
};

// Names one charge, so that it is made once: the month is counted from 1 at the instalment's due date.
struct PenaltyMonth {
    int instalment = 0;
    int month = 0;
    auto operator<=>(const PenaltyMonth&) const = default;
};

struct Penalty {
    PenaltyMonth of{};
    Money amount{};

    bool operator==(const Penalty&) const = default;
};

// The penalties that are still to be charged by the end of a day: for every month that an overdue instalment
// has started, the rate on its scheduled amount that is unpaid now. Charging them and asking again gives
// none. Run it daily: a month that is caught up after a part payment is charged on what is left.
// FlexiFinance 2.7.
std::vector<Penalty> penalties_to_charge(std::span<const InstalmentDues>, const PenaltyTerms&,
                                         const Date& today, const std::set<PenaltyMonth>& already_charged);

}  // namespace pamoja::lending
