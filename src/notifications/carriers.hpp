#pragma once
#include "connectors/mail/mailer.hpp"
#include "connectors/push/push_gateway.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "notifications/delivery.hpp"

namespace pamoja::notifications {

// The carriers that stand for our connectors. The connector must outlive them.

// A mail counts as delivered when the server that it is handed to has accepted it: SMTP tells no more. What
// bounces later comes as a report.
Carrier by_mail(mail::Mailer&);
Carrier by_sms(sms::SmsGateway&);
// Sends the delivery's id along as "notification_id", so that the app can report that it arrived.
Carrier by_push(push::PushGateway&);

}  // namespace pamoja::notifications
