#pragma once
#include "audit/entries.hpp"
#include "faces/shared/call.hpp"

namespace pamoja::faces {

// Writes into the audit log who did what to what in this call ("user:0193…"), and where the call came from.
inline void note(Call& call, const UserId& actor, std::string_view action, std::string subject,
                 json::Object details = {}) {
    audit::record(call.tx, {.actor = actor.text(),
                            .action = std::string(action),
                            .subject = std::move(subject),
                            .details = json::Value(std::move(details)),
                            .trace_id = std::string(call.trace_id),
                            .ip_address = std::string(call.remote_address)});
}

}  // namespace pamoja::faces
