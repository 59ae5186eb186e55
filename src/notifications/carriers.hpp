#pragma once
#include "connectors/mail/mailer.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "notifications/delivery.hpp"

namespace pamoja::notifications {

// The carriers that stand for our connectors. The connector must outlive them.
Carrier by_mail(mail::Mailer&);
Carrier by_sms(sms::SmsGateway&);

}  // namespace pamoja::notifications
