#pragma once
#include <string>
#include <vector>

#include "db/tx.hpp"

namespace pamoja::audit {

using EntryId = Id<struct AuditEntryTag>;

// Who did what to what. Details are a small object of plain facts and never hold a secret.
struct Event {
    std::string actor{};    // a user's id, or "system"
    std::string action{};   // "loan.approve"
    std::string subject{};  // "loan:0193…"
    json::Value details{json::Object{}};
    std::string trace_id{};
    std::string ip_address{};
};

struct Entry {
    EntryId id;
    Event event;
    Timestamp recorded_at;

    void describe(Fields&);
};

// Appends an entry to the tenant's log, in the transaction of what it tells about. Members of `details` whose
// names promise a secret (password, pin, token, secret, …) are stored as "[removed]"; details over 8 KiB are
// refused with std::logic_error.
Entry record(Tx&, const Event&);

// Newest first.
Page<Entry> entries_about(Tx&, std::string_view subject, PageRequest = {});
Page<Entry> entries_by(Tx&, std::string_view actor, PageRequest = {});

}  // namespace pamoja::audit
