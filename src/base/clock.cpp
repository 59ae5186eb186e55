#include "base/clock.hpp"

namespace pamoja {
namespace {

std::int64_t machine_micros() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

Timestamp SystemClock::now() const {
    return Timestamp::from_micros(machine_micros() + offset_);
}

void SystemClock::set(Timestamp instant) {
    offset_ = instant.micros() - machine_micros();
}

}  // namespace pamoja
