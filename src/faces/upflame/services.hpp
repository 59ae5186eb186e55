#pragma once
#include "faces/shared/call.hpp"
#include "faces/shared/outside.hpp"
#include "faces/shared/services.hpp"
#include "notifications/notifier.hpp"

namespace pamoja::faces::upflame {

// What only Upflame's handlers use, besides what every face has.
struct UpflameServices : faces::Services {
    const notifications::Notifier& notifier;
    TenantId home_tenant = {};         // of the platform's own people, and of hosts that nobody has verified
    std::string public_base_url = {};  // without a slash at its end
};

inline const UpflameServices& services_of(const Call& call) {
    return static_cast<const UpflameServices&>(call.services);
}
inline const UpflameServices& services_of(const Outside& outside) {
    return static_cast<const UpflameServices&>(outside.services);
}

}  // namespace pamoja::faces::upflame
