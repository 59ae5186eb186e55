#pragma once
#include "db/tx.hpp"

namespace pamoja::faces::upflame {

// What every tenant has from its first day: the permissions of the platform's own operations, the roles
// Customer, Provider and Admin. Idempotent: what is there already stays as the tenant has made it.
void seed_tenant(Tx&);

// The part of it that is in notification_templates.cpp: what is said when a booking is confirmed.
void seed_notification_templates(Tx&);

}  // namespace pamoja::faces::upflame
