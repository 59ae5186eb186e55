#include "app/upflame.hpp"

#include "base/hex.hpp"
#include "bookings/follow_ups.hpp"
#include "faces/upflame/booking_notices.hpp"
#include "faces/upflame/mfa.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/seeds.hpp"
#include "faces/upflame/templates.hpp"
#include "faces/upflame/workflow_actions.hpp"
#include "identity/tenants.hpp"
#include "openid/upkeep.hpp"
#include "webhooks/sending.hpp"

namespace pamoja::app {

namespace upflame = faces::upflame;

const TenantId upflame_home("tenant123");

namespace {

// In development the receivers of webhooks run on the developer's machine.
webhooks::UrlRules url_rules(const Options& options) {
    return {.allows_loopback = options.is_development};
}

upflame::UpflameServices services_for(const Options& options, const faces::Services& shared,
                                      const notifications::Notifier& notifier,
                                      const identity::DomainProver& domain_prover,
                                      const workflows::Engine& workflow_engine) {
    upflame::UpflameServices services{shared, notifier, domain_prover, workflow_engine};
    services.home_tenant = upflame_home;
    services.public_base_url = options.public_base_url;
    services.webhook_urls = url_rules(options);
    services.hook_secret = to_hex(shared.keyring.derive("callbacks upflame")).substr(0, 40);
    return services;
}

openid::Provider provider_for(const Options& options, const faces::Services& shared,
                              const upflame::UpflameServices& services, openid::SigningKeyStore& keys,
                              const identity::MfaBook& mfa) {
    const auto send_code = [&services](Tx& tx, const identity::CodeToSend& code) {
        upflame::send_mfa_code(tx, services, code);
    };
    return {shared.database,
            shared.keyring,
            shared.tokens,
            keys,
            mfa,
            send_code,
            shared.random,
            {.public_base_url = options.upflame_base_url}};
}

}  // namespace

UpflameApp::UpflameApp(const Options& options, const faces::Services& shared)
    : notifier_(upflame::templates(), shared.keyring),
      domain_prover_(options.resolver, web_, options.domain_proof),
      workflow_engine_(upflame::workflow_actions(shared.keyring)),
      services_(services_for(options, shared, notifier_, domain_prover_, workflow_engine_)),
      mfa_(shared.keyring),
      openid_keys_(shared.keyring),
      openid_(provider_for(options, shared, services_, openid_keys_, mfa_)),
      logout_notices_{openid_, web_, options.is_development ? web::Reach::anywhere : web::Reach::public_only},
      tenancy_(upflame_home),
      api_(face_, upflame_home, upflame::limit_address, &services_) {
    services_.openid = &openid_;
    mount_upflame(api_);
    api_.tenants_by(tenancy_);
    api_.guarded_by(guard_);
    api_.also_limited_by({upflame::limit_user, upflame::limit_tenant});
    api_.tightened_by(upflame::tightening);
}

void UpflameApp::handle_jobs(jobs::Handlers& handlers) {
    webhooks::handle_webhooks(handlers, services_.keyring, web_, {.urls = services_.webhook_urls});
    workflow_engine_.handle_jobs(handlers);
    bookings::add_handlers(handlers);
    upflame::handle_booking_notices(handlers, services_.keyring);
    openid::handle_upkeep(handlers, openid_keys_);
    openid::handle_logout_notices(handlers, logout_notices_);
}

void UpflameApp::prepare(Database& database, Random& random) {
    openid_keys_.maintain(database, random);
}

void mount_upflame(faces::Api& api) {
    upflame::mount_auth(api);
    upflame::mount_token(api);
    upflame::mount_mfa(api);
    upflame::mount_openid(api);
    upflame::mount_oauth_clients(api);
    upflame::mount_tenants(api);
    upflame::mount_tenant_domains(api);
    upflame::mount_users(api);
    upflame::mount_roles(api);
    upflame::mount_permissions(api);
    upflame::mount_policies(api);
    upflame::mount_policy_trials(api);
    upflame::mount_workflows(api);
    upflame::mount_workflow_steps(api);
    upflame::mount_workflow_definitions(api);
    upflame::mount_files(api);
    upflame::mount_provider_onboarding(api);
    upflame::mount_providers(api);
    upflame::mount_provider_services(api);
    upflame::mount_provider_availability(api);
    upflame::mount_provider_documents(api);
    upflame::mount_bookings(api);
    upflame::mount_booking_steps(api);
    upflame::mount_notifications(api);
    upflame::mount_notification_settings(api);
    upflame::mount_notification_templates(api);
    upflame::mount_webhooks(api);
    upflame::mount_webhook_deliveries(api);
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
