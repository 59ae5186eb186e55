#pragma once
#include "db/tenants_with.hpp"
#include "ledger/transactions.hpp"

namespace pamoja::ledger {

inline constexpr Reason hold_closed{FailureKind::conflict, "hold_closed"};
inline constexpr Reason hold_expired{FailureKind::conflict, "hold_expired"};
inline constexpr Reason hold_exceeded{FailureKind::conflict, "hold_exceeded"};

enum class HoldStatus { active, settled, released, expired };
constexpr std::array<const char*, 4> names(HoldStatus) {
    return {"active", "settled", "released", "expired"};
}

// Money of a customer account that is promised: it counts in the balance, but is not available.
struct Hold {
    HoldId id;
    AccountId account_id;
    std::string reference;
    Money amount;
    Money remaining;  // zero once it is closed
    HoldStatus status = HoldStatus::active;
    std::optional<Timestamp> expires_at;
    Timestamp placed_at;

    void describe(Fields&);
};

struct HoldRequest {
    Account account;
    Money amount;
    std::string reference;  // idempotent, among holds
    std::optional<Timestamp> expires_at = std::nullopt;
};

// What becomes of the part that a settlement leaves: it stays held, or it is available again.
enum class Rest { keep, release };

struct Settlement {
    std::string reference;  // of the transaction
    std::vector<Leg> to;    // positive amounts; their sum leaves the held account
    Rest rest = Rest::release;
    std::string memo = {};
    Metadata metadata = {};
    std::optional<Timestamp> effective_at = std::nullopt;
};

// Throws insufficient_funds when less is available, reference_conflict, and invalid_posting for a system
// account, another currency, an amount that is not positive, or an expiry that has passed.
Hold place(Tx&, const HoldRequest&);

// Moves held money to where it goes. Idempotent by reference like post. Throws hold_exceeded for more than
// remains, hold_closed after a settlement of all or a release, hold_expired from the expiry on, whether or
// not expire_due has run since.
Transaction settle(Tx&, const HoldId&, const Settlement&);

// Gives back what remains. Throws hold_closed or hold_expired when nothing is held any more.
Hold release(Tx&, const HoldId&, const std::string& reason);

// Gives back what remains of the holds whose time has come, at most `limit` of them; returns how many.
// Called again while it returns `limit`.
std::int64_t expire_due(Tx&, std::int64_t limit = 200);
// The tenants for which expire_due has work. In a transaction of every_tenant().
std::vector<TenantId> tenants_with_due_holds(Tx&, const TenantSlice&);

Hold hold_of(Tx&, const HoldId&);  // throws not_found
std::optional<Hold> find_hold(Tx&, std::string_view reference);
std::vector<Hold> active_holds(Tx&, const Account&);

}  // namespace pamoja::ledger
