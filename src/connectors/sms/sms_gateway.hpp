#pragma once
#include <string>
#include <string_view>

#include "connectors/web/web_client.hpp"

namespace pamoja::sms {

struct SmsConfig {
    std::string base_url{};  // the path /version1/messaging is added
    std::string username{};
    std::string api_key{};
    std::string sender{};  // short code or alphanumeric sender; the gateway's own when empty
};

enum class DeliveryKind {
    delivered,  // the gateway took it over
    temporary,  // not taken now: try again
    permanent,  // will not be taken: do not try again
    unknown,    // sent, but no readable answer: it may arrive
};

struct Delivery {
    DeliveryKind kind = DeliveryKind::unknown;
    std::string message_id{};
    int status_code = 0;   // the gateway's own code for the recipient; 0 when there is none
    std::string cost{};    // "KES 0.8"
    std::string detail{};  // for the delivery log
};

// An SMS gateway with the HTTP API that Africa's Talking publishes. Blocks; safe from any thread.
class SmsGateway {
  public:
    SmsGateway(SmsConfig, web::WebClient&);

    // `phone` in E.164 form. Never throws for what the gateway says.
    Delivery send(const std::string& phone, std::string_view text);

  private:
    SmsConfig config_;
    web::WebClient& web_;
};

}  // namespace pamoja::sms
