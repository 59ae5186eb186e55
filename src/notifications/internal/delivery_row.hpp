#pragma once
#include "notifications/delivery.hpp"

namespace pamoja::notifications {

// A delivery with what only the job that takes it out may see.
struct DeliveryRow {
    Delivery delivery;
    std::string sealed_letter;
    std::vector<std::string> reached_devices;  // those that took a push, by id

    void describe(Fields& f) {
        f.include(delivery);
        f("sealed_letter", sealed_letter);
        f("reached_devices", reached_devices);
    }
};

}  // namespace pamoja::notifications
