#include "app/server.hpp"

#include "app/housekeeping.hpp"
#include "identity/tenants.hpp"
#include "log/log.hpp"

namespace pamoja::app {
namespace {

// A thousand above the first port: 9000 beside 8000. A development server on another port than the documented
// one is one of many, and goes without.
std::uint16_t usual_metrics_port(const Options& options) {
    const std::uint16_t port = options.ports.empty() ? std::uint16_t{0} : options.ports.front();
    const bool is_one_of_many = options.is_development && port != 8000;
    return is_one_of_many || port == 0 || port > 64'535 ? std::uint16_t{0}
                                                        : static_cast<std::uint16_t>(port + 1000);
}

Options prepared(Options options) {
    std::filesystem::create_directories(options.data_folder);
    const std::string local =
        "http://127.0.0.1:" + std::to_string(options.ports.empty() ? 8000 : options.ports.front());
    if (options.public_base_url.empty()) options.public_base_url = local;
    if (options.upflame_base_url.empty()) options.upflame_base_url = local;
    if (options.callback_base_url.empty()) options.callback_base_url = local + "/api/v1";
    if (options.host_aliases.empty()) options.host_aliases = documented_host_aliases();
    if (!options.metrics_port) options.metrics_port = usual_metrics_port(options);
    return options;
}

std::map<std::string, identity::FaceTokens, std::less<>> token_rules() {
    // FlexiFinance: access tokens of 24 hours; RULES 3: refresh tokens of 30 days.
    // Upflame: access tokens of 900 seconds.
    return {{"flexifinance", {.issuer = "https://api.flexifinance.com"}},
            {"upflame", {.issuer = "https://api.upflame.in", .access_lifetime = std::chrono::seconds(900)}},
            // Refresh tokens of applications: they open nothing where people sign in themselves.
            {"openid", {.issuer = "https://api.upflame.in", .access_lifetime = std::chrono::seconds(900)}}};
}

faces::DispatcherConfig dispatcher_config(const Options& options) {
    faces::DispatcherConfig config;
    config.is_limited = options.is_limited;
    return config;
}

http::ServerConfig server_config(const Options& options, Random& random) {
    http::ServerConfig config;
    config.ports = options.ports;
    config.address = options.address;
    config.trusted_proxies = options.trusted_proxies;
    config.random = &random;
    return config;
}

// A face's schedules are for its own tenants.
std::vector<jobs::ZonedTenant> zoned_tenants(Tx& tx, std::optional<Timestamp> made_since) {
    const auto tenants =
        made_since ? identity::tenants_made_since(tx, *made_since) : identity::all_tenants(tx);
    std::vector<jobs::ZonedTenant> zoned;
    for (const auto& tenant : tenants) zoned.push_back({tenant.id, tenant.time_zone, tenant.face});
    return zoned;
}

void log_failed_attempt(const TenantId& tenant, const jobs::Job& job, const std::exception& fault) {
    log::warning(
        "job_failed",
        {{"tenant", tenant.text()}, {"kind", job.kind}, {"attempt", job.attempt}, {"cause", fault.what()}});
}

jobs::RunnerOptions runner_options() {
    jobs::RunnerOptions options;
    options.tenants = zoned_tenants;
    options.on_failure = log_failed_attempt;
    return options;
}

SystemClock& started(SystemClock& clock, const Options& options) {
    if (options.clock_start) clock.set(*options.clock_start);
    return clock;
}

std::unique_ptr<Database> migrated(const Options& options, const Clock& clock, Random& random) {
    auto database = open_database(database_url_of(options), clock, random);
    database->migrate();
    ensure_flexifinance(*database);
    ensure_upflame(*database);
    return database;
}

}  // namespace

Foundation::Foundation(const Options& options, SystemClock& clock, Random& random)
    : keyring(crypto::Keyring::load_or_create(options.data_folder / "keyring", random)),
      database(migrated(options, started(clock, options), random)),
      storage(files::open_folder(options.data_folder / "files")),
      files(*storage, clock, random),
      tokens(crypto::SigningKeys::load_or_create(options.data_folder / "signing_keys.pem",
                                                 crypto::SigningAlgorithm::ed25519, random),
             keyring, token_rules()) {}

PamojaServer::PamojaServer(Options options)
    : options_(prepared(std::move(options))),
      foundation_(options_, clock_, random_),
      services_{*foundation_.database, clock_,           random_, foundation_.tokens,
                foundation_.keyring,   foundation_.files},
      flexifinance_(options_, services_, web_),
      upflame_(options_, services_),
      runner_(*foundation_.database, clock_, random_, handlers_, runner_options()),
      router_(options_.host_aliases),
      dispatcher_(dispatcher_config(options_), *foundation_.database, clock_, router_, flexifinance_.face()),
      health_(*foundation_.database),
      development_(clock_, runner_),
      metrics_(dispatcher_.metrics()) {
    for (const auto* api : {&flexifinance_.api(), &upflame_.api()}) {
        router_.add(*api);
        documents_.add(*api);
    }
    dispatcher_.add_side_door(health_);
    dispatcher_.add_side_door(documents_);
    if (options_.is_development) dispatcher_.add_side_door(development_);
    handle_jobs();
}

PamojaServer::~PamojaServer() {
    stop();
}

void PamojaServer::handle_jobs() {
    handle_housekeeping(handlers_);
    foundation_.files.handle_jobs(handlers_);
    flexifinance_.handle_jobs(handlers_);
    upflame_.handle_jobs(handlers_);
}

void PamojaServer::start() {
    upflame_.prepare(*foundation_.database, random_);
    runner_.start();
    server_ = std::make_unique<http::Server>(server_config(options_, random_), dispatcher_);
    server_->start();
    start_metrics();
    flexifinance_.announce(*foundation_.database);
    for (const auto port : server_->ports())
        log::info("listening", {{"address", options_.address}, {"port", port}});
}

// Measuring is no reason not to serve: where the port is taken, the log says so.
void PamojaServer::start_metrics() {
    const auto port = options_.metrics_port.value_or(0);
    if (port == 0) return;
    http::ServerConfig config;
    config.ports = {port};
    config.threads = 1;
    try {
        metrics_server_ = std::make_unique<http::Server>(config, metrics_);
        metrics_server_->start();
        log::info("metrics", {{"port", port}});
    } catch (const std::system_error& fault) {
        metrics_server_.reset();
        log::warning("metrics_unavailable", {{"port", port}, {"cause", fault.what()}});
    }
}

void PamojaServer::stop() {
    if (server_ == nullptr) return;
    server_->stop();
    metrics_server_.reset();
    runner_.stop();
    server_.reset();
    log::info("stopped");
    log::flush();
}

}  // namespace pamoja::app
