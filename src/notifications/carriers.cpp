#include "notifications/carriers.hpp"

namespace pamoja::notifications {
namespace {

Carried carried(mail::DeliveryKind kind) {
    switch (kind) {
        case mail::DeliveryKind::delivered:
            return Carried::sent;
        case mail::DeliveryKind::temporary:
            return Carried::temporary;
        case mail::DeliveryKind::permanent:
            return Carried::permanent;
    }
    return Carried::temporary;
}

Carried carried(sms::DeliveryKind kind) {
    switch (kind) {
        case sms::DeliveryKind::delivered:
            return Carried::sent;
        case sms::DeliveryKind::temporary:
            return Carried::temporary;
        case sms::DeliveryKind::permanent:
            return Carried::permanent;
        case sms::DeliveryKind::unknown:
            return Carried::unknown;
    }
    return Carried::unknown;
}

}  // namespace

Carrier by_mail(mail::Mailer& mailer) {
    return [&mailer](const std::string& address, const Letter& letter) -> Receipt {
        mail::Message message;
        message.to.address = address;
        message.subject = letter.title;
        message.text = letter.text;
        message.html = letter.html;
        const auto delivery = mailer.send(message);
        return {carried(delivery.kind), delivery.message_id, delivery.detail};
    };
}

Carrier by_sms(sms::SmsGateway& gateway) {
    return [&gateway](const std::string& address, const Letter& letter) -> Receipt {
        const auto delivery = gateway.send(address, letter.text);
        return {carried(delivery.kind), delivery.message_id, delivery.detail};
    };
}

}  // namespace pamoja::notifications
