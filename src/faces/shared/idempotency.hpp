#pragma once
#include <optional>
#include <string>

#include "crypto/keyring.hpp"
#include "db/tenants_with.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

inline constexpr Reason idempotency_key_reused{FailureKind::invalid, "idempotency_key_reused"};
inline constexpr Reason request_in_flight{FailureKind::conflict, "request_in_flight"};

// Makes a repeated create answer as its first run did (draft-ietf-httpapi-idempotency-key-header). A key
// counts within a tenant, caller, method and route, for 24 hours.
struct IdempotencyKey {
    std::string scope;        // caller, method and route
    std::string key;          // as sent, without the quotes of a structured header
    std::string fingerprint;  // a keyed digest of the body
};

// The key of a request, if it carries one. Throws malformed_request for an empty key or one over 255
// characters.
std::optional<IdempotencyKey> idempotency_key_of(const http::Request&, std::string_view caller,
                                                 std::string_view route, const crypto::Keyring&);

// Claims the key, or returns the stored answer of its first run. Throws idempotency_key_reused for another
// body, request_in_flight while the first run is not done.
std::optional<http::Response> claim_or_replay(Tx&, const IdempotencyKey&, const crypto::Keyring&);
// Keeps the answer, in the transaction of the effect. Sealed: some answers hold a secret that is told once.
void store_answer(Tx&, const IdempotencyKey&, const http::Response&, const crypto::Keyring&);
// Frees a claim whose request failed before it had an effect.
void release_claim(Tx&, const IdempotencyKey&);
// Removes records older than a day, at most `rows_max`; returns how many.
std::int64_t prune_idempotency_records(Tx&, std::int64_t rows_max = 1000);
std::vector<TenantId> tenants_with_old_idempotency_records(Tx&, const TenantSlice&);

}  // namespace pamoja::faces
