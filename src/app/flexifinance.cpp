#include "app/flexifinance.hpp"

#include "base/hex.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/subscriptions.hpp"
#include "faces/flexifinance/templates.hpp"
#include "identity/tenants.hpp"
#include "lending/day_end.hpp"
#include "notifications/carriers.hpp"

namespace pamoja::app {

namespace flexi = faces::flexifinance;

const TenantId flexifinance_tenant("flexifinance");

namespace {

// The part of a callback's address that nobody can guess: Safaricom signs nothing.
std::string hook_secret_of(const crypto::Keyring& keyring) {
    return to_hex(keyring.derive("callbacks " + flexifinance_tenant.text())).substr(0, 40);
}

payments::DeskConfig desk_config(const Options& options, const crypto::Keyring& keyring) {
    return {.callback_base_url = options.callback_base_url + "/hooks/" + hook_secret_of(keyring),
            .rules = {}};
}

flexi::FlexiServices services_for(const Options& options, const faces::Services& shared,
                                  const notifications::Notifier& notifier, const payments::MpesaDesk& desk) {
    flexi::FlexiServices services{shared, notifier, desk};
    services.public_base_url = options.public_base_url;
    services.webhook_secret = options.webhook_secret;
    services.login_requires_verified_email = options.login_requires_verified_email;
    services.callback_sources = options.callback_sources;
    services.hook_secret = hook_secret_of(shared.keyring);
    return services;
}

}  // namespace

FlexiFinanceApp::FlexiFinanceApp(const Options& options, const faces::Services& shared, web::WebClient& web)
    : mailer_(options.mail, shared.clock, shared.random),
      sms_(options.sms, web),
      push_(options.push, web, shared.clock),
      daraja_(options.daraja, web, shared.clock),
      desk_(daraja_, purposes_, desk_config(options, shared.keyring)),
      notifier_(flexi::templates(), shared.keyring),
      services_(services_for(options, shared, notifier_, desk_)),
      api_(face_, flexifinance_tenant, flexi::limit_general, &services_) {
    lending::own_payments(purposes_);
    mount_flexifinance(api_);
}

void FlexiFinanceApp::handle_jobs(jobs::Handlers& handlers) {
    desk_.handle_jobs(handlers);
    lending::handle_jobs(handlers, {"flexifinance"});
    flexi::subscribe_notices(handlers, services_);
    notifications::handle_deliveries(handlers, services_.keyring,
                                     {.email = notifications::by_mail(mailer_),
                                      .sms = notifications::by_sms(sms_),
                                      .push = notifications::by_push(push_)});
}

void FlexiFinanceApp::announce(Database& database) const {
    if (daraja_.config().short_code.empty()) return;
    database.write(flexifinance_tenant, [this](Tx& tx) { desk_.announce_addresses(tx); });
}

void mount_flexifinance(faces::Api& api) {
    flexi::mount_auth(api);
    flexi::mount_profile(api);
    flexi::mount_kyc(api);
    flexi::mount_loans(api);
    flexi::mount_payments(api);
    flexi::mount_webhooks(api);
    flexi::mount_notifications(api);
    flexi::mount_documents(api);
    flexi::mount_admin(api);
}

void ensure_flexifinance(Database& database) {
    database.write(every_tenant(), [](Tx& tx) {
        identity::ensure_tenant(tx, {.id = flexifinance_tenant,
                                     .face = "flexifinance",
                                     .name = "FlexiFinance",
                                     .currency = Currency("KES"),
                                     .time_zone = "Africa/Nairobi"});
    });
}

}  // namespace pamoja::app
