#pragma once
#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "connectors/mail/message.hpp"

namespace pamoja::mail {

enum class Encryption {
    none,       // plain text: only for a server on this machine
    start_tls,  // required, not just tried
    tls,        // from the first byte (port 465)
};

struct MailerConfig {
    std::string host = "127.0.0.1";
    int port = 25;
    Encryption encryption = Encryption::none;
    std::string username{};  // no sign-in when empty
    std::string password{};
    Mailbox from{};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds total_timeout{30'000};
};

enum class DeliveryKind {
    delivered,  // the server took it over
    temporary,  // not taken now: try again
    permanent,  // will not be taken: do not try again
};

struct Delivery {
    DeliveryKind kind = DeliveryKind::temporary;
    std::string message_id{};
    int smtp_code = 0;     // 0 when the server did not get that far
    std::string detail{};  // for the delivery log
};

// Hands mail to an SMTP server. Blocks; safe from any thread.
class Mailer {
  public:
    Mailer(MailerConfig, const Clock&, Random&);

    // Never throws for what the server says. A message that cannot be composed is permanent.
    Delivery send(const Message&);

  private:
    MailerConfig config_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace pamoja::mail
