#include "sandbox/sandbox.hpp"

#include "http/server.hpp"
#include "sandbox/daraja/safaricom.hpp"
#include "sandbox/dns/name_server.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/push/push_inlet.hpp"
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
          name_server(config.dns_port),
          sms_inlet(inbox, random),
          push_inlet(inbox, clock, random),
          safaricom(config.mpesa_passkeys, clock, random),
          server(server_config(config), routes) {
        inbox.mount(routes);
        name_server.mount(routes);
        sms_inlet.mount(routes);
        push_inlet.mount(routes);
        safaricom.mount(routes);
        routes.on("GET", "/healthz",
                  [](const http::Request&) { return json_response(200, "{\"ok\":true}"); });
        routes.on("POST", "/control/reset", [this](const http::Request&) {
            safaricom.reset();
            push_inlet.reset();
            inbox.clear();
            name_server.clear();
            return json_response(200, "{\"reset\":true}");
        });
    }

    const std::string address;
    Routes routes;
    Inbox inbox;
    SmtpSink smtp_sink;
    NameServer name_server;
    SmsInlet sms_inlet;
    fcm::PushInlet push_inlet;
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
    state_->name_server.start();
    state_->server.start();
}

void Sandbox::stop() {
    state_->server.stop();
    state_->name_server.stop();
    state_->smtp_sink.stop();
    state_->safaricom.stop();
}

std::uint16_t Sandbox::port() const {
    return state_->server.ports().at(0);
}

std::uint16_t Sandbox::smtp_port() const {
    return state_->smtp_sink.port();
}

std::uint16_t Sandbox::dns_port() const {
    return state_->name_server.port();
}

std::string Sandbox::url() const {
    return "http://" + state_->address + ":" + std::to_string(port());
}

const std::string& Sandbox::mpesa_certificate_pem() const {
    return state_->safaricom.certificate_pem();
}

std::string Sandbox::push_service_account() const {
    return state_->push_inlet.service_account(url());
}

}  // namespace pamoja::sandbox
