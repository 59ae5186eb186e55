#pragma once
#include "app/options.hpp"
#include "connectors/mail/mailer.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "connectors/web/web_client.hpp"
#include "faces/shared/api.hpp"
#include "faces/upflame/face.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/services.hpp"
#include "faces/upflame/tenancy.hpp"
#include "jobs/runner.hpp"
#include "openid/logout_notices.hpp"
#include "workflows/engine.hpp"

namespace pamoja::app {

// The tenant of the platform's own people; made when it is not there.
extern const TenantId upflame_home;
void ensure_upflame(Database&);

// Upflame put together: its tenancy, its guard, its notices and its routes.
class UpflameApp {
  public:
    UpflameApp(const Options&, const faces::Services&);

    const faces::Api& api() const { return api_; }
    const faces::Face& face() const { return face_; }
    void handle_jobs(jobs::Handlers&);
    // What has to be there before the first request. SLOW at the very first start.
    void prepare(Database&, Random&);

  private:
    notifications::Notifier notifier_;
    web::WebClient web_;
    identity::DomainProver domain_prover_;
    workflows::Engine workflow_engine_;
    faces::upflame::UpflameServices services_;
    identity::MfaBook mfa_;
    openid::SigningKeyStore openid_keys_;
    openid::Provider openid_;
    openid::LogoutNotices logout_notices_;
    faces::upflame::Upflame face_;
    faces::upflame::UpflameTenancy tenancy_;
    faces::upflame::PermissionGuard guard_;
    faces::Api api_;
};

void mount_upflame(faces::Api& api);

}  // namespace pamoja::app
