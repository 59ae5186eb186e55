#pragma once
#include "faces/shared/call.hpp"
#include "faces/shared/outside.hpp"
#include "faces/shared/services.hpp"
#include "identity/domain_proof.hpp"
#include "notifications/notifier.hpp"
#include "openid/provider.hpp"
#include "webhooks/endpoint.hpp"
#include "workflows/engine.hpp"

namespace pamoja::faces::upflame {

// What only Upflame's handlers use, besides what every face has.
struct UpflameServices : faces::Services {
    const notifications::Notifier& notifier;
    const identity::DomainProver& domain_prover;
    const workflows::Engine& workflow_engine;
    const openid::Provider* openid = nullptr;  // of every tenant; null where routes are only listed
    TenantId home_tenant = {};         // of the platform's own people, and of hosts that nobody has verified
    std::string public_base_url = {};  // without a slash at its end
    webhooks::UrlRules webhook_urls = {};
    std::string hook_secret = {};  // the unguessable part of the paths that providers report to
};

inline const UpflameServices& services_of(const Call& call) {
    return static_cast<const UpflameServices&>(call.services);
}
inline const UpflameServices& services_of(const Outside& outside) {
    return static_cast<const UpflameServices&>(outside.services);
}

}  // namespace pamoja::faces::upflame
