#pragma once
#include "ledger/holds.hpp"

namespace pamoja::ledger::internal {

using HoldEventId = Id<struct HoldEventTag>;

enum class HoldEventKind { placed, settled, released, expired };
constexpr std::array<const char*, 4> names(HoldEventKind) {
    return {"placed", "settled", "released", "expired"};
}

// What happened to a hold. It never changes; what the hold has become can be recomputed from its events.
struct HoldEvent {
    HoldEventId id;
    HoldId hold_id;
    HoldEventKind kind = HoldEventKind::placed;
    Money amount;
    std::optional<TransactionId> transaction_id;
    std::string reason;
    Timestamp happened_at;

    void describe(Fields& f) {
        f("id", id);
        f("hold_id", hold_id);
        f("kind", kind);
        f("amount", amount);
        f("transaction_id", transaction_id);
        f("reason", reason);
        f("happened_at", happened_at);
    }
};

}  // namespace pamoja::ledger::internal
