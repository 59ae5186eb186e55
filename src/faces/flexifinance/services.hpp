#pragma once
#include "faces/shared/call.hpp"
#include "faces/shared/outside.hpp"
#include "faces/shared/services.hpp"
#include "notifications/notifier.hpp"
#include "payments/mpesa_desk.hpp"

namespace pamoja::faces::flexifinance {

// What only FlexiFinance's handlers use, besides what every face has.
struct FlexiServices : faces::Services {
    const notifications::Notifier& notifier;
    const payments::MpesaDesk& desk;
    std::string public_base_url = {};  // of links in messages; without a slash at its end
    std::string webhook_secret = {};   // empty when none is configured
    bool login_requires_verified_email = false;
    std::vector<std::string> callback_sources = {};  // addresses from which the provider's callbacks may come
    std::string hook_secret = {};                    // the unguessable part of their path
};

inline const FlexiServices& services_of(const Call& call) {
    return static_cast<const FlexiServices&>(call.services);
}
inline const FlexiServices& services_of(const Outside& outside) {
    return static_cast<const FlexiServices&>(outside.services);
}

}  // namespace pamoja::faces::flexifinance
