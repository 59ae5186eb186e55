#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace pamoja::sandbox {

inline constexpr std::uint16_t smtp_port_offset = 25;  // the mail sink of port 8100 is on 8125
inline constexpr std::uint16_t dns_port_offset = 53;   // and the name server on 8153

// What Safaricom publishes for its own sandbox.
inline constexpr const char* mpesa_short_code = "174379";
inline constexpr const char* mpesa_passkey =
    "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";

struct SandboxConfig {
    std::uint16_t port = 8100;  // 0 asks the system for a free one, as below
    std::uint16_t smtp_port = 8100 + smtp_port_offset;
    std::uint16_t dns_port = 8100 + dns_port_offset;
    std::string address = "127.0.0.1";  // IPv4
    // Of the short codes that may send payment requests to handsets.
    std::map<std::string, std::string> mpesa_passkeys{{mpesa_short_code, mpesa_passkey}};
};

// The simulated outside parties on one HTTP port, the mail sink on another, and the name server on
// a UDP port of the loopback address. They are reached and steered
// over the network alone, in the same process as the server or in one of their own.
class Sandbox {
  public:
    // The clock dates receipts and tokens; delays pass in real time whatever it says. Both must outlive it.
    Sandbox(SandboxConfig, const Clock&, Random&);
    ~Sandbox();  // stops

    // Listens and serves; throws std::system_error where an address cannot be had.
    void start();
    // Finishes requests in flight and drops callbacks that are not due yet. Stop the server under test first.
    void stop();

    std::uint16_t port() const;
    std::uint16_t smtp_port() const;
    std::uint16_t dns_port() const;
    std::string url() const;  // "http://127.0.0.1:8100"

    // The certificate under which the simulated Safaricom takes security credentials.
    const std::string& mpesa_certificate_pem() const;

    // The file of the service account that may push through the simulated FCM. Call when it listens.
    std::string push_service_account() const;

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace pamoja::sandbox
