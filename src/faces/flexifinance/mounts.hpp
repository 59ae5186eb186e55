#pragma once
#include "faces/shared/api.hpp"

namespace pamoja::faces::flexifinance {

// Each adds the routes of one resource. The Api's services are FlexiServices.
void mount_auth(Api&);
void mount_profile(Api&);
void mount_kyc(Api&);
void mount_documents(Api&);
void mount_notifications(Api&);
void mount_loans(Api&);
void mount_payments(Api&);
void mount_webhooks(Api&);
void mount_admin(Api&);  // loans and products; other reviews are mounted with what they review

}  // namespace pamoja::faces::flexifinance
