#include "notifications/carriers.hpp"

namespace pamoja::notifications {
namespace {

Carried carried(mail::DeliveryKind kind) {
    switch (kind) {
        case mail::DeliveryKind::delivered:
            return Carried::delivered;
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

Carried carried(push::DeliveryKind kind) {
    switch (kind) {
        case push::DeliveryKind::taken:
            return Carried::sent;
        case push::DeliveryKind::temporary:
            return Carried::temporary;
        case push::DeliveryKind::permanent:
            return Carried::permanent;
        case push::DeliveryKind::unregistered:
            return Carried::gone;
        case push::DeliveryKind::unknown:
            return Carried::unknown;
    }
    return Carried::unknown;
}

}  // namespace

Carrier by_mail(mail::Mailer& mailer) {
    return [&mailer](const Dispatch& dispatch) -> Receipt {
        mail::Message message;
        message.to.address = dispatch.address;
        message.subject = dispatch.letter.title;
        message.text = dispatch.letter.text;
        message.html = dispatch.letter.html;
        const auto delivery = mailer.send(message);
        return {carried(delivery.kind), delivery.message_id, delivery.detail};
    };
}

Carrier by_sms(sms::SmsGateway& gateway) {
    return [&gateway](const Dispatch& dispatch) -> Receipt {
        const auto delivery = gateway.send(dispatch.address, dispatch.letter.text);
        return {carried(delivery.kind), delivery.message_id, delivery.detail};
    };
}

Carrier by_push(push::PushGateway& gateway) {
    return [&gateway](const Dispatch& dispatch) -> Receipt {
        const auto delivery =
            gateway.send(dispatch.address, {.title = dispatch.letter.title,
                                            .text = dispatch.letter.text,
                                            .data = {{"notification_id", dispatch.id.text()}}});
        return {carried(delivery.kind), delivery.message_name, delivery.detail, delivery.retry_after};
    };
}

}  // namespace pamoja::notifications
