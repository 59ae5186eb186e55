#pragma once
#include "db/tx.hpp"

namespace pamoja::notifications {

using DeviceId = Id<struct DeviceTag>;

enum class Platform { android, ios, web };
constexpr std::array<const char*, 3> names(Platform) {
    return {"android", "ios", "web"};
}

// An app on a device that takes pushes for a user.
struct Device {
    DeviceId id;
    UserId user_id;
    std::string token;
    Platform platform = Platform::android;
    std::string name;
    Timestamp created_at;
    Timestamp updated_at;

    void describe(Fields&);
};

struct NewDevice {
    std::string token;
    Platform platform = Platform::android;
    std::string name = {};

    void describe(Fields&);
};

// The same token again is the same device: it moves to this user, for somebody else has signed in on it. The
// eleventh device of a user replaces the one that was registered longest ago.
Device register_device(Tx&, const UserId&, const NewDevice&);
void remove_device(Tx&, const UserId&, const DeviceId&);  // throws not_found
std::vector<Device> devices_of(Tx&, const UserId&);       // at most ten, newest first

}  // namespace pamoja::notifications
