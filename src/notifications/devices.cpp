#include "notifications/devices.hpp"

namespace pamoja::notifications {
namespace {

constexpr std::size_t devices_max = 10;

std::optional<Device> device_with(Tx& tx, const std::string& token) {
    return tx.maybe<Device>("FROM notification_devices WHERE tenant_id = :tenant AND token = $1", token);
}

void drop_oldest(Tx& tx, const UserId& user) {
    const auto devices = devices_of(tx, user);
    for (std::size_t i = devices_max - 1; i < devices.size(); ++i) remove_device(tx, user, devices[i].id);
}

}  // namespace

void Device::describe(Fields& f) {
    f("id", id);
    f("user_id", user_id);
    f("token", token);
    f("platform", platform);
    f("name", name);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

void NewDevice::describe(Fields& f) {
    f("token", token).length(1, 4096).secret();
    f("platform", platform);
    f.optional("name", name).length(0, 100);
}

Device register_device(Tx& tx, const UserId& user, const NewDevice& wanted) {
    auto device = device_with(tx, wanted.token);
    if (!device || device->user_id != user) drop_oldest(tx, user);
    if (!device) {
        const Device fresh{.id = tx.new_id<DeviceId>(),
                           .user_id = user,
                           .token = wanted.token,
                           .platform = wanted.platform,
                           .name = wanted.name,
                           .created_at = tx.now(),
                           .updated_at = tx.now()};
        tx.insert("notification_devices", fresh);
        return fresh;
    }
    device->user_id = user;
    device->platform = wanted.platform;
    device->name = wanted.name;
    device->updated_at = tx.now();
    tx.run(
        "UPDATE notification_devices SET user_id = $2, platform = $3, name = $4, updated_at = $5 WHERE "
        "tenant_id = :tenant AND id = $1",
        device->id, device->user_id, device->platform, device->name, device->updated_at);
    return *device;
}

void remove_device(Tx& tx, const UserId& user, const DeviceId& id) {
    const auto removed = tx.run(
        "DELETE FROM notification_devices WHERE tenant_id = :tenant AND id = $1 AND user_id = $2", id, user);
    require(removed == 1, not_found, "There is no such device.");
}

std::vector<Device> devices_of(Tx& tx, const UserId& user) {
    return tx.all<Device>(
        "FROM notification_devices WHERE tenant_id = :tenant AND user_id = $1 ORDER BY updated_at DESC, id "
        "DESC LIMIT 10",
        user);
}

}  // namespace pamoja::notifications
