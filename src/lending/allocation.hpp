#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/failure.hpp"
#include "base/money.hpp"
#include "base/time.hpp"

namespace pamoja::lending {

inline constexpr Reason allocation_mismatch{FailureKind::conflict, "allocation_mismatch"};

// What an amount owed is owed for.
enum class Bucket { penalty, fee, interest, principal };
constexpr std::array<const char*, 4> names(Bucket) {
    return {"penalty", "fee", "interest", "principal"};
}
inline constexpr std::array<Bucket, 4> all_buckets{Bucket::penalty, Bucket::fee, Bucket::interest,
                                                   Bucket::principal};

struct Owed {
    Money due{};
    Money paid{};

    Money outstanding() const { return due - paid; }
    bool operator==(const Owed&) const = default;
};

// What one instalment demands and what of it is paid.
struct InstalmentDues {
    int number = 0;
    Date due_on{};
    Owed penalty{};
    Owed fee{};
    Owed interest{};
    Owed principal{};

    Owed& operator[](Bucket);
    const Owed& operator[](Bucket) const;
    Money outstanding() const;            // all four buckets
    Money scheduled_outstanding() const;  // interest and principal
    bool operator==(const InstalmentDues&) const = default;
};

// Where an instalment stands on the day of a payment.
enum class Timing { past_due, due, in_advance };
constexpr std::array<const char*, 3> names(Timing) {
    return {"past_due", "due", "in_advance"};
}

struct AllocationStep {
    Timing timing;
    Bucket bucket;

    bool operator==(const AllocationStep&) const = default;
};

// horizontal: consecutive steps of one timing are taken together, and each instalment in turn is paid through
// them. vertical: each step is taken on its own, through all instalments.
enum class Sweep { horizontal, vertical };
constexpr std::array<const char*, 2> names(Sweep) {
    return {"horizontal", "vertical"};
}

// The order in which a payment is used up, as a product states it. What no step names is left as surplus.
struct AllocationRule {
    std::vector<AllocationStep> steps;
    Sweep sweep = Sweep::horizontal;
};

// The same order of buckets for what is past due, then for what is due today, then for what is due later.
AllocationRule rule_of(const std::array<Bucket, 4>& order, Sweep = Sweep::horizontal);

// Oldest instalment first; in each the penalty, then the fee, the interest and the principal.
AllocationRule usual_rule();

struct Application {
    int instalment = 0;
    Bucket bucket = Bucket::penalty;
    Money amount{};

    bool operator==(const Application&) const = default;
};

// Where a payment goes. The applications and the surplus add up to the amount that was paid.
struct Allocation {
    std::vector<Application> applications;
    Money surplus{};

    Money applied() const;
    Money applied_to(Bucket) const;
    bool operator==(const Allocation&) const = default;
};

// Distributes an amount over instalments in any order, oldest first. Changes nothing: hand the result to
// settle. Throws Failure(validation_failed) for an amount that is not above zero.
Allocation allocate(std::span<const InstalmentDues>, const Money& amount, const Date& paid_on,
                    const AllocationRule&);

// Counts the allocation as paid, or takes it back. Either all of it or, with Failure(allocation_mismatch),
// nothing: when an instalment is missing, when more would be paid than is due, or taken back than was paid.
void settle(std::vector<InstalmentDues>&, const Allocation&);
void take_back(std::vector<InstalmentDues>&, const Allocation&);

}  // namespace pamoja::lending
