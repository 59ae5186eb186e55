#pragma once
#include <array>

#include "base/id.hpp"

namespace pamoja::notifications {

using NotificationId = Id<struct NotificationTag>;
using DeliveryId = Id<struct DeliveryTag>;

enum class Channel { email, sms, in_app, push };
constexpr std::array<const char*, 4> names(Channel) {
    return {"email", "sms", "in_app", "push"};
}

}  // namespace pamoja::notifications
