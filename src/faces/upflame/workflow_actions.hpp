#pragma once
#include "crypto/keyring.hpp"
#include "workflows/actions.hpp"

namespace pamoja::faces::upflame {

// What workflows do to providers, users and files of this platform. The keys must outlive it.
workflows::Actions workflow_actions(const crypto::Keyring&);

// The workflow definitions and the templates of reminders that a tenant has from its first day. Idempotent.
void seed_workflows(Tx&);

}  // namespace pamoja::faces::upflame
