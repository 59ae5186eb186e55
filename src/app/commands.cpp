#include "app/commands.hpp"

#include <signal.h>

#include <cstdio>
#include <optional>

#include "app/check.hpp"
#include "app/demo_data.hpp"
#include "connectors/web/web_client.hpp"
#include "faces/shared/openapi.hpp"
#include "log/log.hpp"
#include "sandbox/sandbox.hpp"

namespace pamoja::app {
namespace {

// Blocks the signals that end us in every thread that is started from here on, so that one place waits for
// them.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

void wait_for_end(const sigset_t& signals) {
    int signal = 0;
    sigwait(&signals, &signal);
}

// What a face's description is made from.
struct PublishedFace {
    const faces::Face& face;
    const faces::LimitClass& limit;
    void (*mount)(faces::Api&);
};

// Where the sandbox plays the outside parties, and how it wants to be spoken to.
void point_at_sandbox(Options& options, const std::string& certificate) {
    const std::string url = "http://127.0.0.1:" + std::to_string(options.sandbox_port);
    options.daraja = {.base_url = url,
                      .consumer_key = "sandbox",
                      .consumer_secret = "sandbox",
                      .short_code = std::string(sandbox::mpesa_short_code),
                      .passkey = std::string(sandbox::mpesa_passkey),
                      .initiator_name = "testapi",
                      .initiator_password = "sandbox",
                      .certificate_pem = certificate};
    options.mail = {.host = "127.0.0.1",
                    .port = options.sandbox_port + sandbox::smtp_port_offset,
                    .from = {.address = "no-reply@flexifinance.com", .name = "FlexiFinance"}};
    options.resolver = {.address = "127.0.0.1",
                        .port = static_cast<std::uint16_t>(options.sandbox_port + sandbox::dns_port_offset)};
    options.domain_proof = {.reach = web::Reach::anywhere, .http_port = options.sandbox_port};
    options.sms = {.base_url = url, .username = "sandbox", .api_key = "sandbox", .sender = "FlexiFin"};
}

// What a sandbox in another process gives: its certificate, the file of its service account.
std::string text_of_sandbox(std::uint16_t port, const std::string& path) {
    web::WebClient web;
    const auto answer =
        web.call({.url = "http://127.0.0.1:" + std::to_string(port) + path, .reach = web::Reach::anywhere});
    if (!answer.succeeded()) throw std::runtime_error("no sandbox answers on port " + std::to_string(port));
    return answer.body;
}

push::PushConfig push_config(std::uint16_t port, const std::string& service_account) {
    push::PushConfig config = push::read_service_account(service_account);
    config.base_url = "http://127.0.0.1:" + std::to_string(port);
    return config;
}

sandbox::SandboxConfig sandbox_config(std::uint16_t port) {
    sandbox::SandboxConfig config;
    config.port = port;
    config.smtp_port = static_cast<std::uint16_t>(port + sandbox::smtp_port_offset);
    config.dns_port = static_cast<std::uint16_t>(port + sandbox::dns_port_offset);
    return config;
}

}  // namespace

int run_dev(Options options) {
    const auto signals = block_signals();
    SystemClock clock;
    SystemRandom random;
    std::optional<sandbox::Sandbox> sandbox;
    if (!options.is_sandbox_apart) {
        sandbox.emplace(sandbox_config(options.sandbox_port), clock, random);
        sandbox->start();
    }
    const std::uint16_t port = options.sandbox_port;
    point_at_sandbox(options, sandbox ? sandbox->mpesa_certificate_pem()
                                      : text_of_sandbox(port, "/control/mpesa/certificate"));
    options.push = push_config(port, sandbox ? sandbox->push_service_account()
                                             : text_of_sandbox(port, "/control/push/service_account"));
    PamojaServer server(std::move(options));
    ensure_demo_data(server);
    server.start();
    wait_for_end(signals);
    server.stop();
    if (sandbox) sandbox->stop();
    return 0;
}

int run_serve(Options options) {
    const auto signals = block_signals();
    PamojaServer server(std::move(options));
    server.start();
    wait_for_end(signals);
    server.stop();
    return 0;
}

int run_sandbox(std::uint16_t port) {
    const auto signals = block_signals();
    SystemClock clock;
    SystemRandom random;
    sandbox::Sandbox sandbox(sandbox_config(port), clock, random);
    sandbox.start();
    log::info("sandbox",
              {{"url", sandbox.url()}, {"smtp_port", sandbox.smtp_port()}, {"dns_port", sandbox.dns_port()}});
    wait_for_end(signals);
    sandbox.stop();
    return 0;
}

int run_migrate(const Options& options) {
    SystemClock clock;
    SystemRandom random;
    if (options.database_url.empty()) std::filesystem::create_directories(options.data_folder);
    open_database(database_url_of(options), clock, random)->migrate();
    std::puts("the schema is up to date");
    return 0;
}

int run_check(const Options& options) {
    SystemClock clock;
    SystemRandom random;
    const auto database = open_database(database_url_of(options), clock, random);
    const auto violations = check_everything(*database);
    for (const auto& violation : violations) std::puts(violation.c_str());
    std::printf("%zu violations\n", violations.size());
    return violations.empty() ? 0 : 1;
}

int print_openapi(const std::string& face, bool only_endpoints) {
    const faces::flexifinance::FlexiFinance flexifinance;
    const faces::upflame::Upflame upflame;
    for (const PublishedFace& published :
         {PublishedFace{flexifinance, faces::flexifinance::limit_general, mount_flexifinance},
          PublishedFace{upflame, faces::upflame::limit_address, mount_upflame}}) {
        if (published.face.name() != face) continue;
        faces::Api api(published.face, TenantId(), published.limit);
        published.mount(api);
        const std::string text =
            only_endpoints ? faces::endpoint_list_of(api) : faces::openapi_of(api) + "\n";
        std::fputs(text.c_str(), stdout);
        return 0;
    }
    std::fprintf(stderr, "this build serves no face named %s\n", face.c_str());
    return 2;
}

}  // namespace pamoja::app
