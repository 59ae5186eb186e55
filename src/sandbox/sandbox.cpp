#include "sandbox/sandbox.hpp"

#include "http/server.hpp"
#include "sandbox/daraja/safaricom.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/routes.hpp"
#include "sandbox/sms/sms_inlet.hpp"
#include "sandbox/smtp/sink.hpp"

namespace pamoja::sandbox {
namespace {

http::ServerConfig server_config(const SandboxConfig& config) {
    http::ServerConfig result;
    result.ports = {config.port};
    result.address = config.address;
    return result;
}

}  // namespace

class Sandbox::State {
  public:
    State(const SandboxConfig& config, const Clock& clock, Random& random)
        : address(config.address),
          smtp_sink(config.address, config.smtp_port, inbox),
          sms_inlet(inbox, random),
          safaricom(config.mpesa_passkeys, clock, random),
          server(server_config(config), routes) {
        inbox.mount(routes);
        sms_inlet.mount(routes);
        safaricom.mount(routes);
        routes.on("GET", "/healthz",
                  [](const http::Request&) { return json_response(200, "{\"ok\":true}"); });
        routes.on("POST", "/control/reset", [this](const http::Request&) {
            safaricom.reset();
            inbox.clear();
            return json_response(200, "{\"reset\":true}");
        });
    }

    const std::string address;
    Routes routes;
    Inbox inbox;
    SmtpSink smtp_sink;
    SmsInlet sms_inlet;
    daraja::Safaricom safaricom;
    http::Server server;
};

Sandbox::Sandbox(SandboxConfig config, const Clock& clock, Random& random)
    : state_(std::make_unique<State>(config, clock, random)) {}

Sandbox::~Sandbox() {
    stop();
}

void Sandbox::start() {
    state_->safaricom.start();
    state_->smtp_sink.start();
    state_->server.start();
}

void Sandbox::stop() {
    state_->server.stop();
    state_->smtp_sink.stop();
    state_->safaricom.stop();
}

std::uint16_t Sandbox::port() const {
    return state_->server.ports().at(0);
}

std::uint16_t Sandbox::smtp_port() const {
    return state_->smtp_sink.port();
}

std::string Sandbox::url() const {
    return "http://" + state_->address + ":" + std::to_string(port());
}

const std::string& Sandbox::mpesa_certificate_pem() const {
    return state_->safaricom.certificate_pem();
}

}  // namespace pamoja::sandbox
