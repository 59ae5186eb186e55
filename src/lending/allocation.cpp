#include "lending/allocation.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace pamoja::lending {
namespace {

Timing timing_of(const InstalmentDues& instalment, const Date& today) {
    if (instalment.due_on < today) return Timing::past_due;
    return instalment.due_on == today ? Timing::due : Timing::in_advance;
}

std::vector<const InstalmentDues*> oldest_first(std::span<const InstalmentDues> instalments) {
    std::vector<const InstalmentDues*> sorted;
    for (const auto& instalment : instalments) sorted.push_back(&instalment);
    std::ranges::sort(sorted, {}, [](const auto* one) { return std::tuple(one->due_on, one->number); });
    return sorted;
}

// Uses up one payment; remembers what earlier steps took, so that a rule which names a bucket twice is
// harmless.
class Payment {
  public:
    Payment(std::span<const InstalmentDues> instalments, const Money& amount, const Date& paid_on)
        : instalments_(oldest_first(instalments)), paid_on_(paid_on) {
        allocation_.surplus = amount;
    }

    // Pays every instalment of the steps' timing in turn, through all the steps. The steps share one timing.
    void sweep(std::span<const AllocationStep> steps) {
        for (const auto* instalment : instalments_) {
            if (timing_of(*instalment, paid_on_) != steps.front().timing) continue;
            for (const auto& step : steps) pay(*instalment, step.bucket);
        }
    }

    Allocation take() { return std::move(allocation_); }

  private:
    void pay(const InstalmentDues& instalment, Bucket bucket) {
        const Money amount = min(instalment[bucket].outstanding(), allocation_.surplus);
        if (!amount.is_positive() || has_paid(instalment.number, bucket)) return;
        allocation_.surplus -= amount;
        allocation_.applications.push_back(
            {.instalment = instalment.number, .bucket = bucket, .amount = amount});
    }

    bool has_paid(int number, Bucket bucket) const {
        return std::ranges::any_of(allocation_.applications, [&](const Application& made) {
            return made.instalment == number && made.bucket == bucket;
        });
    }

    std::vector<const InstalmentDues*> instalments_;
    Date paid_on_;
    Allocation allocation_;
};

std::size_t steps_taken_together(std::span<const AllocationStep> steps, Sweep sweep) {
    if (sweep == Sweep::vertical) return 1;
    const auto other = std::ranges::find_if(
        steps, [&](const AllocationStep& step) { return step.timing != steps.front().timing; });
    return static_cast<std::size_t>(other - steps.begin());
}

// Adds the allocation times `sign` to what is paid, on a copy that replaces the original only when all of it
// fits.
void count(std::vector<InstalmentDues>& instalments, const Allocation& allocation, int sign) {
    auto changed = instalments;
    for (const auto& application : allocation.applications) {
        const auto found = std::ranges::find(changed, application.instalment, &InstalmentDues::number);
        require(found != changed.end(), allocation_mismatch,
                "The payment belongs to an instalment that is not there.");
        auto& owed = (*found)[application.bucket];
        owed.paid += application.amount * sign;
        require(!owed.paid.is_negative() && owed.paid <= owed.due, allocation_mismatch,
                "The payment does not fit what is owed and paid on its instalment.");
    }
    instalments = std::move(changed);
}

}  // namespace

const Owed& InstalmentDues::operator[](Bucket bucket) const {
    switch (bucket) {
        case Bucket::penalty:
            return penalty;
        case Bucket::fee:
            return fee;
        case Bucket::interest:
            return interest;
        case Bucket::principal:
            return principal;
    }
    std::abort();
}

Owed& InstalmentDues::operator[](Bucket bucket) {
    return const_cast<Owed&>(static_cast<const InstalmentDues&>(*this)[bucket]);
}

Money InstalmentDues::outstanding() const {
    return penalty.outstanding() + fee.outstanding() + scheduled_outstanding();
}

Money InstalmentDues::scheduled_outstanding() const {
    return interest.outstanding() + principal.outstanding();
}

AllocationRule rule_of(const std::array<Bucket, 4>& order, Sweep sweep) {
    AllocationRule rule{.steps = {}, .sweep = sweep};
    for (const auto timing : {Timing::past_due, Timing::due, Timing::in_advance})
        for (const auto bucket : order) rule.steps.push_back({timing, bucket});
    return rule;
}

AllocationRule usual_rule() {
    return rule_of(all_buckets);
}

Money Allocation::applied() const {
    Money sum = Money::zero(surplus.currency());
    for (const auto& application : applications) sum += application.amount;
    return sum;
}

Money Allocation::applied_to(Bucket bucket) const {
    Money sum = Money::zero(surplus.currency());
    for (const auto& application : applications)
        if (application.bucket == bucket) sum += application.amount;
    return sum;
}

Allocation allocate(std::span<const InstalmentDues> instalments, const Money& amount, const Date& paid_on,
                    const AllocationRule& rule) {
    require(amount.is_positive(), validation_failed, "The amount of a payment must be above zero.");
    Payment payment(instalments, amount, paid_on);
    for (std::span<const AllocationStep> steps = rule.steps; !steps.empty();) {
        const auto together = steps_taken_together(steps, rule.sweep);
        payment.sweep(steps.first(together));
        steps = steps.subspan(together);
    }
    return payment.take();
}

void settle(std::vector<InstalmentDues>& instalments, const Allocation& allocation) {
    count(instalments, allocation, 1);
}

void take_back(std::vector<InstalmentDues>& instalments, const Allocation& allocation) {
    count(instalments, allocation, -1);
}

}  // namespace pamoja::lending
