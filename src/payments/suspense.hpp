#pragma once
#include "payments/settlement.hpp"

namespace pamoja::payments {

using SuspenseId = Id<struct SuspenseTag>;

// Money that arrived and that nothing explains.
struct SuspenseItem {
    SuspenseId id;
    std::string receipt;
    Money amount;
    std::string phone;  // as the provider gave it, perhaps masked
    std::string bill_reference;
    std::string reason;
    std::optional<std::string> event_id = {};
    Timestamp received_at;
    std::optional<Timestamp> resolved_at = {};
    std::optional<UserId> resolved_by = {};
    std::optional<PaymentId> resolved_payment_id = {};

    void describe(Fields&);
};

struct Unexplained {
    std::string receipt;
    Money amount;
    std::string phone;
    std::string bill_reference;
    std::string reason;
    std::string event_id;
};

// Books it on the suspense account and lists it; once per receipt.
void put_into_suspense(Tx&, const Unexplained&);

Page<SuspenseItem> suspense_items(Tx&, bool is_resolved, const PageRequest&);  // oldest first

SuspenseItem suspense_item(Tx&, const SuspenseId&);  // throws not_found

// An operator says what the money was for: it becomes a completed payment of that purpose. Throws not_found,
// and conflict when it was resolved before.
Payment resolve(Tx&, const Purposes&, const SuspenseId&, const NewPayment&, const UserId& by);

}  // namespace pamoja::payments
