#include "app/upflame.hpp"

#include "faces/upflame/mounts.hpp"
#include "faces/upflame/seeds.hpp"
#include "faces/upflame/templates.hpp"
#include "identity/tenants.hpp"

namespace pamoja::app {

namespace upflame = faces::upflame;

const TenantId upflame_home("tenant123");

namespace {

upflame::UpflameServices services_for(const Options& options, const faces::Services& shared,
                                      const notifications::Notifier& notifier,
                                      const identity::DomainProver& domain_prover) {
    upflame::UpflameServices services{shared, notifier, domain_prover};
    services.home_tenant = upflame_home;
    services.public_base_url = options.public_base_url;
    return services;
}

}  // namespace

UpflameApp::UpflameApp(const Options& options, const faces::Services& shared)
    : notifier_(upflame::templates(), shared.keyring),
      domain_prover_(options.resolver, web_, options.domain_proof),
      services_(services_for(options, shared, notifier_, domain_prover_)),
      tenancy_(upflame_home),
      api_(face_, upflame_home, upflame::limit_address, &services_) {
    mount_upflame(api_);
    api_.tenants_by(tenancy_);
    api_.guarded_by(guard_);
    api_.also_limited_by({upflame::limit_user, upflame::limit_tenant});
    api_.tightened_by(upflame::tightening);
}

void UpflameApp::handle_jobs(jobs::Handlers&) {}

void mount_upflame(faces::Api& api) {
    upflame::mount_auth(api);
    upflame::mount_mfa(api);
    upflame::mount_tenants(api);
    upflame::mount_tenant_domains(api);
    upflame::mount_users(api);
}

void ensure_upflame(Database& database) {
    database.write(every_tenant(), [](Tx& tx) {
        identity::ensure_tenant(tx, {.id = upflame_home,
                                     .face = "upflame",
                                     .name = "Upflame",
                                     .currency = Currency("INR"),
                                     .time_zone = "Asia/Kolkata"});
    });
    database.write(upflame_home, upflame::seed_tenant);
}

}  // namespace pamoja::app
