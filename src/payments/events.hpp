#pragma once
#include <array>

#include "jobs/job.hpp"
#include "payments/settlement.hpp"

namespace pamoja::payments {

using EventId = Id<struct PaymentEventTag>;

// What a provider's message is about, as told by the address that it came to.
enum class EventKind { push_callback, payout_result, payout_timeout, status_result, customer_payment };
constexpr std::array<const char*, 5> names(EventKind) {
    return {"push_callback", "payout_result", "payout_timeout", "status_result", "customer_payment"};
}

struct Message {
    EventKind kind = EventKind::push_callback;
    std::string body;
    std::optional<PaymentId> payment_id = {};  // from the address, where it names one
    std::string source;                        // the address of the sender
};

// Keeps a message as it came, and makes sure that it is applied even after a crash. A repetition gives the id
// of the first. Throws malformed_request for what is no message of that kind.
EventId receive(Tx&, const Message&);

struct ApplyRules {
    // From this amount on a success that was merely posted to us is confirmed by a query before it counts.
    Money confirm_from{50'000'00, Currency("KES")};
    std::chrono::seconds patience{300};  // how long a message may wait for the payment that it is about
};

enum class Applied {
    now,      // its effect is committed with this transaction
    before,   // it was applied earlier
    waiting,  // its payment is not known yet, or a query has to confirm it first
};

// Draws the consequences of a message, exactly once. Money that nothing explains goes to suspense.
Applied apply(Tx&, const Purposes&, const ApplyRules&, const EventId&, bool is_confirmed = false);

// The unapplied message of a payment that says success, if one waits for confirmation.
std::optional<EventId> waiting_success(Tx&, const Payment&);

// Whether a message of this payment carried money that had to be set aside: then a query that says success
// speaks of that money, which must not be booked twice.
bool has_money_in_suspense(Tx&, const PaymentId&);

// Applies what came in before the push that it belongs to was answered.
void apply_waiting(Tx&, const Purposes&, const ApplyRules&, const Payment&);

inline constexpr jobs::Kind apply_event_job{"payments.apply_event"};
inline constexpr jobs::Kind reconcile_job{"payments.reconcile", jobs::Lane::outside, 60};

}  // namespace pamoja::payments
