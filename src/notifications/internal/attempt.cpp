#include "notifications/internal/attempt.hpp"

#include <algorithm>

namespace pamoja::notifications {
namespace {

bool is_reached(const DeliveryRow& row, const Device& device) {
    return std::ranges::find(row.reached_devices, device.id.text()) != row.reached_devices.end();
}

// Adds what came of one device to what is known of the others.
void add(Outcome& all, const Outcome& one, const Device& device) {
    if (one.status == DeliveryStatus::pending) {
        all.error_class = one.error_class;
        all.retry_after = std::max(all.retry_after, one.retry_after);
        all.status = DeliveryStatus::pending;
    } else if (one.status != DeliveryStatus::failed) {
        all.reached_devices.push_back(device.id.text());
        if (all.provider_id.empty()) all.provider_id = one.provider_id;
        if (all.status == DeliveryStatus::failed) all.status = DeliveryStatus::sent;
    } else if (all.error_class.empty()) {
        all.error_class = one.error_class;
    }
}

}  // namespace

Outcome outcome_of(const Receipt& receipt) {
    switch (receipt.carried) {
        case Carried::sent:
            return {.status = DeliveryStatus::sent, .provider_id = receipt.provider_id};
        case Carried::delivered:
            return {.status = DeliveryStatus::delivered, .provider_id = receipt.provider_id};
        case Carried::unknown:
            return {
                .status = DeliveryStatus::sent, .provider_id = receipt.provider_id, .error_class = "unknown"};
        case Carried::temporary:
            return {.error_class = "temporary", .retry_after = receipt.retry_after};
        case Carried::permanent:
        case Carried::gone:
            return {.status = DeliveryStatus::failed,
                    .provider_id = receipt.provider_id,
                    .error_class = "permanent"};
    }
    return {};
}

bool goes_to_devices(const Delivery& delivery) {
    return delivery.channel == Channel::push && delivery.address.empty();
}

Outcome push_to(const DeliveryRow& row, const std::vector<Device>& devices, const Letter& letter,
                const Carrier& carrier) {
    Outcome all{.status = DeliveryStatus::failed,
                .provider_id = row.delivery.provider_id,
                .reached_devices = row.reached_devices};
    if (!all.reached_devices.empty()) all.status = DeliveryStatus::sent;
    if (devices.empty() && all.reached_devices.empty()) all.error_class = "no_device";
    for (const Device& device : devices) {
        if (is_reached(row, device)) continue;
        const Receipt receipt = carrier({row.delivery.id, device.token, letter});
        if (receipt.carried == Carried::gone) all.gone_devices.push_back(device.id);
        add(all, outcome_of(receipt), device);
    }
    // What one device refused for good is no fault of a push that another took.
    if (all.status == DeliveryStatus::sent) all.error_class.clear();
    return all;
}

}  // namespace pamoja::notifications
