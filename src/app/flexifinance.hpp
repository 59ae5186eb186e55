#pragma once
#include <memory>

#include "app/options.hpp"
#include "connectors/mail/mailer.hpp"
#include "connectors/push/push_gateway.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "connectors/web/web_client.hpp"
#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/services.hpp"
#include "faces/shared/api.hpp"
#include "jobs/runner.hpp"

namespace pamoja::app {

extern const TenantId flexifinance_tenant;

// FlexiFinance put together: its connectors, its payments desk, its notices and its routes.
class FlexiFinanceApp {
  public:
    FlexiFinanceApp(const Options&, const faces::Services&, web::WebClient&);

    const faces::Api& api() const { return api_; }
    const faces::Face& face() const { return face_; }
    void handle_jobs(jobs::Handlers&);
    // What the outside must know before it can reach us. Call when the jobs run.
    void announce(Database&) const;

  private:
    mail::Mailer mailer_;
    sms::SmsGateway sms_;
    push::PushGateway push_;
    mpesa::Daraja daraja_;
    payments::Purposes purposes_;
    payments::MpesaDesk desk_;
    notifications::Notifier notifier_;
    faces::flexifinance::FlexiServices services_;
    faces::flexifinance::FlexiFinance face_;
    faces::Api api_;
};

void mount_flexifinance(faces::Api& api);

// The tenant that everything of FlexiFinance belongs to; made when it is not there.
void ensure_flexifinance(Database&);

}  // namespace pamoja::app
