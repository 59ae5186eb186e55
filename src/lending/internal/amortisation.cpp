#include "lending/internal/amortisation.hpp"

#include <algorithm>
#include <cstdlib>

namespace pamoja::lending {
namespace {

struct Split {
    Money principal;
    Money interest;
};

// An amount of `numerator / denominator` minor units, rounded once to the multiple that instalments keep to.
Money to_instalment(const ScheduleTerms& terms, Int128 numerator, Int128 denominator) {
    const std::int64_t multiple = terms.instalment_multiple.value_or(1);
    const Int128 count = divide(numerator, denominator * multiple, Rounding::half_even);
    return {narrow(count * multiple), terms.principal.currency()};
}

Money equal_part(const Money& whole, int parts) {
    return whole.scaled(1, parts, Rounding::half_even);
}

int paying_count(const ScheduleTerms& terms) {
    return terms.instalments - terms.grace_on_principal;
}

// Writes the instalments down one by one: keeps the balance, gives the last one what remains of the
// principal, and carries the interest of the grace periods to the first instalment after them.
template <class SplitOf>
std::vector<Instalment> written_down(const ScheduleTerms& terms, std::span<const Period> periods,
                                     SplitOf split_of) {
    const Money nothing = Money::zero(terms.principal.currency());
    Money balance = terms.principal;
    Money carried = nothing;
    std::vector<Instalment> instalments;
    for (const auto& period : periods) {
        const Split split = split_of(period, balance);
        const bool is_last = period.number == terms.instalments;
        Money principal = min(max(split.principal, nothing), balance);
        if (period.number <= terms.grace_on_principal) principal = nothing;
        if (is_last) principal = balance;
        balance -= principal;
        carried += split.interest;
        const Money interest = period.number <= terms.grace_on_interest_payment ? nothing : carried;
        carried -= interest;
        instalments.push_back({.number = period.number,
                               .from = period.from,
                               .due_on = period.due_on,
                               .principal = principal,
                               .interest = interest,
                               .balance_after = balance});
    }
    return instalments;
}

// The instalment whose payments, discounted at the rate of each period, are worth the principal. Discount
// factors are used rather than growth, since they stay below one and so within 128 bits at any rate.
Money equal_instalment(const ScheduleTerms& terms, std::span<const Period> periods) {
    Int128 discount = fixed_one;
    Int128 annuity = 0;
    for (const auto& period : periods.subspan(static_cast<std::size_t>(terms.grace_on_principal))) {
        const Int128 growth = fixed_one + instalment_rate(terms, period).fixed();
        discount = divide(discount * fixed_one, growth, Rounding::half_even);
        annuity += discount;
    }
    return to_instalment(terms, Int128{terms.principal.minor()} * fixed_one, annuity);
}

std::vector<Instalment> pay_equally(const ScheduleTerms& terms, std::span<const Period> periods,
                                    const Money& instalment) {
    return written_down(terms, periods, [&](const Period& period, const Money& balance) {
        const Money interest = period_rate(terms, period).of(balance);
        return Split{.principal = instalment - interest, .interest = interest};
    });
}

Money last_difference(std::span<const Instalment> instalments) {
    return instalments.back().due() - instalments[instalments.size() - 2].due();
}

bool is_smaller(const Money& a, const Money& b) {
    return std::abs(a.minor()) < std::abs(b.minor());
}

// More than one minor unit for every two instalments between the last and the others is spread over all of
// them, where that brings the last one closer.
std::vector<Instalment> evened_out(const ScheduleTerms& terms, std::span<const Period> periods,
                                   const Money& instalment, std::vector<Instalment> instalments) {
    const int count = paying_count(terms);
    if (count < 2) return instalments;
    const Money difference = last_difference(instalments);
    if (std::abs(difference.minor()) <= count / 2) return instalments;
    const Money tried = instalment + equal_part(difference, count);
    auto other = pay_equally(terms, periods, to_instalment(terms, tried.minor(), 1));
    return is_smaller(last_difference(other), difference) ? other : instalments;
}

}  // namespace

std::vector<Instalment> amortise_declining(const ScheduleTerms& terms, std::span<const Period> periods) {
    if (terms.amortisation == Amortisation::equal_principal) {
        // The multiple is for equal instalments only: a part of the principal keeps its minor units.
        const Money part = equal_part(terms.principal, paying_count(terms));
        return written_down(terms, periods, [&](const Period& period, const Money& balance) {
            return Split{.principal = part, .interest = period_rate(terms, period).of(balance)};
        });
    }
    const Money instalment = equal_instalment(terms, periods);
    auto instalments = pay_equally(terms, periods, instalment);
    if (terms.style != ScheduleStyle::progressive) return instalments;
    return evened_out(terms, periods, instalment, std::move(instalments));
}

std::vector<Instalment> amortise_flat(const ScheduleTerms& terms, std::span<const Period> periods) {
    Money interest_left =
        flat_rate(terms, periods.front().accrues_from, periods.back().due_on).of(terms.principal);
    const Money interest_part = equal_part(interest_left, terms.instalments);
    const Money rounded = to_instalment(terms, terms.principal.minor(), paying_count(terms)) +
                          to_instalment(terms, interest_part.minor(), 1);
    return written_down(terms, periods, [&](const Period& period, const Money&) {
        const bool is_last = period.number == terms.instalments;
        const Money interest = is_last ? interest_left : min(interest_part, interest_left);
        interest_left -= interest;
        return Split{.principal = rounded - interest_part, .interest = interest};
    });
}

std::vector<Instalment> amortise_in_whole_units(const ScheduleTerms& terms, std::span<const Period> periods) {
    std::int64_t unit = terms.instalment_multiple.value_or(1);
    if (!terms.instalment_multiple)
        for (int decimal = 0; decimal < terms.principal.currency().decimals(); ++decimal) unit *= 10;
    // FlexiFinance 2.1: interest = round(P x rate x months / 1200).
    const auto rate = flat_rate(terms, periods.front().from, periods.back().due_on);
    Money interest_left = terms.principal.scaled(rate.numerator, rate.denominator, Rounding::half_up);
    const auto whole_part = [&](const Money& whole) {
        return whole.scaled(1, terms.instalments, Rounding::down).to_multiple(unit, Rounding::down);
    };
    const Money instalment = whole_part(terms.principal + interest_left);
    const Money interest_part = whole_part(interest_left);
    return written_down(terms, periods, [&](const Period& period, const Money& balance) {
        const bool is_last = period.number == terms.instalments;
        const Money principal = is_last ? balance : min(instalment - interest_part, balance);
        const Money interest = is_last ? interest_left : instalment - principal;
        interest_left -= interest;
        return Split{.principal = principal, .interest = interest};
    });
}

}  // namespace pamoja::lending
