#pragma once
#include <array>
#include <optional>
#include <string>

#include "db/tx.hpp"
#include "jobs/job.hpp"

namespace pamoja::payments {

inline constexpr Reason payment_refused{FailureKind::conflict, "payment_refused"};
inline constexpr Reason provider_unavailable{FailureKind::unavailable, "provider_unavailable"};

using PaymentId = Id<struct PaymentTag>;

inline constexpr jobs::Kind send_payout_job{"payments.send_payout", jobs::Lane::outside, 30};

enum class Direction {
    collection,  // from a customer to us
    payout,      // from us to a customer
    charge,      // nothing moves outside: an amount that the customer now owes us
};
constexpr std::array<const char*, 3> names(Direction) {
    return {"collection", "payout", "charge"};
}

// created → submitted → pending → completed | failed | cancelled | unknown.
enum class PaymentStatus {
    created,    // intended, and nobody outside knows of it
    submitted,  // about to be sent, or sent: from here on it may have had its effect
    pending,    // the provider has it and says nothing yet
    completed,  // the money moved, and it is on the books
    failed,     // the provider says that no money moved; a later success of theirs still counts
    cancelled,  // the customer said no
    unknown,    // nobody could tell for a day: an operator must look
};
constexpr std::array<const char*, 7> names(PaymentStatus) {
    return {"created", "submitted", "pending", "completed", "failed", "cancelled", "unknown"};
}

// One movement of money between us and somebody outside, whatever it is for.
struct Payment {
    PaymentId id;
    Direction direction = Direction::collection;
    std::string purpose;     // who owns it: "loan.repayment"
    std::string purpose_id;  // what it is for, in the owner's terms
    UserId user_id;
    Money amount;
    std::string phone;              // E.164
    std::string reference;          // idempotent: one payment has it
    std::string account_reference;  // what the customer sees on the handset
    std::string description;
    PaymentStatus status = PaymentStatus::created;
    std::string conversation_id;  // ours, by which a payout can be looked up
    std::optional<std::string> merchant_request_id = {};
    std::optional<std::string> checkout_request_id = {};
    std::optional<std::string> receipt = {};         // the provider's: "ODK123456789"
    std::optional<std::string> receipt_number = {};  // ours: "RCP…"
    std::optional<std::string> result_code = {};
    std::optional<std::string> result_text = {};
    std::optional<std::string> transaction_date = {};  // as the provider's message carried it
    std::int64_t checks = 0;                           // how often the reconciler asked
    Timestamp initiated_at;
    std::optional<Timestamp> completed_at = {};

    bool is_open() const {
        return status == PaymentStatus::created || status == PaymentStatus::submitted ||
               status == PaymentStatus::pending;
    }
    void describe(Fields&);
};

struct NewPayment {
    std::string purpose;
    std::string purpose_id;
    UserId user_id;
    Money amount;
    std::string phone;
    std::string reference;
    std::string account_reference;
    std::string description;
};

// Writes the intent, or returns the payment that has the reference already. Throws conflict when that one is
// for something else.
Payment open_payment(Tx&, Direction, const NewPayment&);

// Lists a charge among the payments, completed at once. The product posts it; a repeated reference changes
// nothing.
Payment record_charge(Tx&, const NewPayment&);

// Writes the intent of a payout and the job that sends it.
Payment pay_out(Tx&, const NewPayment&);

Payment payment_with(Tx&, const PaymentId&);               // throws not_found
Payment payment_of(Tx&, const UserId&, const PaymentId&);  // throws not_found for a stranger's

// Rewrites what may change of a payment: status, ids of the provider, result.
void save(Tx&, const Payment&);

struct PaymentFilter {
    std::optional<UserId> user_id = {};
    std::vector<std::string> purposes = {};  // any of these; all when empty
    std::optional<std::string> purpose_id = {};
    std::vector<PaymentStatus> statuses = {};  // any of these; all when empty
    std::optional<Timestamp> from = {};        // initiated_at
    std::optional<Timestamp> until = {};       // exclusive
};

// Newest first.
Page<Payment> payments_matching(Tx&, const PaymentFilter&, const PageRequest&);

// Counts and sums over everything that the filter finds, not just a page.
struct PaymentSummary {
    std::int64_t count = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t completed_minor = 0;  // sum of completed amounts, in minor units
};
PaymentSummary summary_of(Tx&, const PaymentFilter&);

}  // namespace pamoja::payments
