#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "connectors/web/web_client.hpp"

namespace pamoja::push {

// What Google's service-account file says. No project: there is no push.
struct PushConfig {
    std::string base_url = "https://fcm.googleapis.com";
    std::string token_url = "https://oauth2.googleapis.com/token";
    std::string project_id{};
    std::string client_email{};
    std::string private_key_id{};
    std::string private_key_pem{};  // PKCS#8, RSA
};

// Reads the text of a service-account file; its token_uri counts unless it is empty. Throws
// std::runtime_error for a text that is none.
PushConfig read_service_account(std::string_view json);

struct Notice {
    std::string title{};
    std::string text{};
    std::vector<std::pair<std::string, std::string>> data{};  // for the app, not shown
};

enum class DeliveryKind {
    taken,         // FCM will deliver it
    temporary,     // not taken now: try again, after `retry_after` where FCM asks for that
    permanent,     // will not be taken: do not try again
    unregistered,  // the device is gone: forget its token
    unknown,       // sent, but no readable answer: it may arrive
};

struct Delivery {
    DeliveryKind kind = DeliveryKind::unknown;
    std::string message_name{};  // "projects/PROJECT/messages/ID"
    std::string detail{};        // for the delivery log
    std::optional<std::chrono::seconds> retry_after{};
};

// Firebase Cloud Messaging over its HTTP v1 API. Blocks; safe from any thread.
class PushGateway {
  public:
    // The client and the clock must outlive it. Throws std::runtime_error for a private key that is none.
    PushGateway(PushConfig, web::WebClient&, const Clock&);
    ~PushGateway();

    bool is_configured() const { return !config_.project_id.empty(); }
    // Never throws for what FCM says.
    Delivery send(const std::string& device_token, const Notice&);

  private:
    class Access;
    PushConfig config_;
    web::WebClient& web_;
    const Clock& clock_;
    std::unique_ptr<Access> access_;
};

}  // namespace pamoja::push
