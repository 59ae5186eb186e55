#pragma once
#include "notifications/devices.hpp"
#include "notifications/internal/delivery_row.hpp"

namespace pamoja::notifications {

// How one attempt to deliver ended, as the log says it.
struct Outcome {
    DeliveryStatus status = DeliveryStatus::pending;
    std::string provider_id = {};
    std::string error_class = {};
    std::optional<std::chrono::microseconds> retry_after = {};
    std::vector<std::string> reached_devices = {};
    std::vector<DeviceId> gone_devices = {};
};

Outcome outcome_of(const Receipt&);

// Whether it is a push to all devices of the user, and not to one address.
bool goes_to_devices(const Delivery&);

// Sends to each device that no earlier attempt reached. It is out when one has it and none is to be tried
// again.
Outcome push_to(const DeliveryRow&, const std::vector<Device>&, const Letter&, const Carrier&);

}  // namespace pamoja::notifications
