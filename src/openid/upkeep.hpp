#pragma once
#include "jobs/handlers.hpp"
#include "openid/signing_key_store.hpp"

namespace pamoja::openid {

// The recurring work: keys that follow each other, and forgetting what expired a month ago. The store must
// outlive the handlers.
void handle_upkeep(jobs::Handlers&, SigningKeyStore&);

}  // namespace pamoja::openid
