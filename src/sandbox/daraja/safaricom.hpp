#pragma once
#include <deque>
#include <functional>

#include "sandbox/daraja/access.hpp"
#include "sandbox/daraja/customers.hpp"
#include "sandbox/daraja/inquiries.hpp"
#include "sandbox/daraja/pushes.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox::daraja {

// A request that came in, and what it was told.
struct LoggedRequest {
    std::string path;
    std::string phone;  // "+254700123456"; empty when the request names none
    json::Value body;
    int status = 0;
    json::Value answer;
    std::string at;  // by the machine's clock

    void describe(Fields&);
};

// The simulated Safaricom: its Daraja API, and the control calls that steer it.
class Safaricom {
  public:
    Safaricom(const Passkeys&, const Clock&, Random&);

    void mount(Routes&);
    void start();
    void stop();
    // Forgets payments, instructions and money. Tokens and registered URLs stay.
    void reset();

    const std::string& certificate_pem() const { return network_.certificate.pem(); }

  private:
    using Operation = std::function<std::string(const Command&)>;

    void mount_api(Routes&);
    void mount_control(Routes&);
    http::Response answer(const http::Request&, const Operation&);
    void log(const http::Request&, const http::Response&);
    std::vector<LoggedRequest> requests_of(const std::string& phone);
    http::Response statement();

    SystemClock machine_clock_;
    Network network_;
    Access access_;
    Pushes pushes_;
    Payouts payouts_;
    Inquiries inquiries_;
    Customers customers_;
    std::mutex mutex_;
    std::deque<LoggedRequest> requests_;
};

}  // namespace pamoja::sandbox::daraja
