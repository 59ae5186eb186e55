#pragma once
#include "crypto/keyring.hpp"
#include "jobs/job.hpp"
#include "notifications/template.hpp"

namespace pamoja::notifications {

inline constexpr jobs::Kind deliver_letter{"notifications.deliver_letter", jobs::Lane::bulk, 12};

// A letter on its way, encrypted and bound to its delivery.
std::string seal_letter(const Letter&, const DeliveryId&, const crypto::Keyring&, Random&);
// Empty when it cannot be opened.
std::optional<Letter> open_letter(std::string_view sealed, const DeliveryId&, const crypto::Keyring&);

}  // namespace pamoja::notifications
