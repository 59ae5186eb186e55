#pragma once
#include "app/doors.hpp"
#include "app/flexifinance.hpp"
#include "app/options.hpp"
#include "app/upflame.hpp"
#include "files/cabinet.hpp"
#include "http/server.hpp"

namespace pamoja::app {

// The keys and folders of an installation; made at the first start.
struct Foundation {
    Foundation(const Options&, SystemClock&, Random&);
    crypto::Keyring keyring;
    std::unique_ptr<Database> database;
    std::unique_ptr<files::Storage> storage;
    files::Cabinet files;
    identity::TokenIssuer tokens;
};

// The whole server: everything is made in order, started, and ended in the reverse order.
class PamojaServer {
  public:
    explicit PamojaServer(Options);
    ~PamojaServer();

    void start();
    void stop();
    const Options& options() const { return options_; }
    Foundation& foundation() { return foundation_; }
    SystemClock& clock() { return clock_; }
    Random& random() { return random_; }
    const faces::Services& services() const { return services_; }

  private:
    void handle_jobs();
    void start_metrics();

    Options options_;
    SystemClock clock_;
    SystemRandom random_;
    web::WebClient web_;
    Foundation foundation_;
    faces::Services services_;
    FlexiFinanceApp flexifinance_;
    UpflameApp upflame_;
    jobs::Handlers handlers_;
    jobs::Runner runner_;
    faces::Router router_;
    faces::Dispatcher dispatcher_;
    HealthDoor health_;
    DocumentsDoor documents_;
    DevelopmentDoor development_;
    MetricsApplication metrics_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Server> metrics_server_;
};

}  // namespace pamoja::app
