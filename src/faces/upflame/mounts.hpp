#pragma once
#include "faces/shared/api.hpp"

namespace pamoja::faces::upflame {

// Each adds the routes of one resource. The Api's services are UpflameServices.
void mount_auth(Api&);
void mount_token(Api&);
void mount_mfa(Api&);
void mount_openid(Api&);
void mount_oauth_clients(Api&);
void mount_tenants(Api&);
void mount_tenant_domains(Api&);
void mount_users(Api&);
void mount_roles(Api&);
void mount_permissions(Api&);
void mount_policies(Api&);
void mount_policy_trials(Api&);
void mount_workflows(Api&);
void mount_workflow_steps(Api&);
void mount_workflow_definitions(Api&);
void mount_files(Api&);
void mount_provider_onboarding(Api&);
void mount_providers(Api&);
void mount_provider_services(Api&);
void mount_provider_availability(Api&);
void mount_provider_documents(Api&);
void mount_bookings(Api&);
void mount_booking_steps(Api&);
void mount_notifications(Api&);
void mount_notification_settings(Api&);
void mount_notification_templates(Api&);
void mount_webhooks(Api&);
void mount_webhook_deliveries(Api&);

}  // namespace pamoja::faces::upflame
