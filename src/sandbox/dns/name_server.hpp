#pragma once
#include <cstdint>
#include <thread>

#include "sandbox/dns/zone.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox {

// DNS over UDP on the loopback address, with the TXT records that the control call sets. Also plays the web
// server of each of its domains for the file by which ownership is proved.
class NameServer {
  public:
    explicit NameServer(std::uint16_t port) : port_(port) {}
    ~NameServer();  // stops
    NameServer(const NameServer&) = delete;
    NameServer& operator=(const NameServer&) = delete;

    void start();  // throws std::system_error
    void stop();
    std::uint16_t port() const { return port_; }  // once it has started
    void clear();

    // PUT /control/dns/txt {"name","values"}, PUT /control/web/proof {"domain","text"}, and
    // GET /.well-known/pamoja-domain-verification by the request's host.
    void mount(Routes&);

  private:
    void answer_all();

    std::uint16_t port_;
    Zone zone_;
    Zone proofs_;  // by host: what the file says
    int socket_ = -1;
    int wake_ = -1;
    std::thread thread_;
};

}  // namespace pamoja::sandbox
