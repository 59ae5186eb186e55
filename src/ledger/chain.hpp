#pragma once
#include <string>
#include <vector>

#include "db/tenants_with.hpp"

namespace pamoja::ledger {

// Everything that moves money or promises it is a link of the tenant's chain: transactions with their legs,
// metadata and effective date, the events of holds, accounts and changes of their floors.
enum class SubjectKind { account, transaction, hold_event, floor_change };
constexpr std::array<const char*, 4> names(SubjectKind) {
    return {"account", "transaction", "hold_event", "floor_change"};
}

struct ChainLink {
    std::int64_t sequence = 0;  // 1, 2, 3, … without gaps
    SubjectKind subject_kind = SubjectKind::transaction;
    std::string subject_id;
    std::string previous_hash;  // 64 zeros for the first
    std::string hash;           // SHA-256 over the sequence, the previous hash and the subject, in hex
    Timestamp sealed_at;

    void describe(Fields&);
};

// Seals what has been committed and is not sealed yet, at most `limit` subjects, and adds it to the balances
// of the system accounts. Returns how many; call it again while it returns `limit`. One pass at a time
// succeeds; another one that runs beside it waits for it or starts over.
std::int64_t seal(Tx&, std::int64_t limit = 500);

// The tenants for which seal has work. In a transaction of every_tenant().
std::vector<TenantId> tenants_to_seal(Tx&, const TenantSlice&);

std::optional<ChainLink> chain_head(Tx&);

// Recomputes every hash and says in sentences what does not fit; empty when the chain is whole. Stops after
// twenty sentences.
std::vector<std::string> verify_chain(Tx&);

}  // namespace pamoja::ledger
