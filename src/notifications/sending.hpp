#pragma once
#include "crypto/keyring.hpp"
#include "notifications/delivery.hpp"
#include "notifications/written_template.hpp"

namespace pamoja::notifications {

// A message by one of the tenant's templates.
struct Message {
    UserId recipient;
    std::string template_name;
    Channel channel = Channel::email;  // email, sms or push
    std::vector<Variable> variables = {};
    // Where the recipient is reached by mail and SMS; a push goes to their devices.
    std::string email = {};
    std::string phone = {};
};

// Writes the delivery and its job. In the recipient's quiet hours it waits until they are over; when the
// recipient does not want messages of the type on the channel, it is failed at once ("unwanted"). Critical
// templates ignore both. Throws validation_failed for an unknown template, variables that do not fill it, and
// a recipient who cannot be reached on the channel. The keys must be those of the deliveries' handler.
Delivery send(Tx&, const Message&, const crypto::Keyring&);

}  // namespace pamoja::notifications
