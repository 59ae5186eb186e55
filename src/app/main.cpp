#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.hpp"
#include "log/log.hpp"

namespace {

using pamoja::app::Options;

struct Arguments {
    Options options;
    std::string config;
    std::string clock;
    std::string face;
    std::string email;
    std::string role;
    std::uint16_t port = 8000;
    bool is_unlimited = false;
    bool only_endpoints = false;
};

void add_dev(CLI::App& program, Arguments& arguments) {
    auto* dev = program.add_subcommand("dev", "A server with demo data and simulated outside parties");
    dev->add_option("--data", arguments.options.data_folder, "Folder of keys, files and the SQLite database");
    dev->add_option("--port", arguments.port, "Port of the APIs");
    dev->add_option("--sandbox-port", arguments.options.sandbox_port,
                    "Port of the simulated outside parties");
    dev->add_flag("--sandbox-apart", arguments.options.is_sandbox_apart,
                  "Use the `pamoja sandbox` that runs on that port already");
    dev->add_option("--db", arguments.options.database_url, "sqlite:PATH or postgresql://…");
    dev->add_flag("--no-rate-limits", arguments.is_unlimited, "Lift the request-rate limits");
    dev->add_option("--clock", arguments.clock, "Start the clock at this RFC 3339 instant");
}

void add_serve(CLI::App& program, Arguments& arguments) {
    auto* serve = program.add_subcommand("serve", "The server");
    serve->add_option("--config", arguments.config, "TOML file");
    serve->add_option("--data", arguments.options.data_folder,
                      "Folder of keys, files and the SQLite database");
    serve->add_option("--port", arguments.port, "Port of the APIs");
    serve->add_option("--db", arguments.options.database_url, "sqlite:PATH or postgresql://…");
}

void add_others(CLI::App& program, Arguments& arguments) {
    auto* sandbox = program.add_subcommand("sandbox", "The simulated outside parties alone");
    sandbox->add_option("--port", arguments.options.sandbox_port, "Their port");
    auto* migrate = program.add_subcommand("migrate", "Create or upgrade the schema");
    migrate->add_option("--db", arguments.options.database_url, "sqlite:PATH or postgresql://…");
    migrate->add_option("--data", arguments.options.data_folder, "Folder of the SQLite database");
    auto* check = program.add_subcommand("check", "Verify the ledger and what must agree with it");
    check->add_option("--db", arguments.options.database_url, "sqlite:PATH or postgresql://…");
    check->add_option("--data", arguments.options.data_folder, "Folder of the SQLite database");
    auto* grant =
        program.add_subcommand("grant", "Make somebody an officer, or the platform's administrator");
    grant->add_option("email", arguments.email, "Of the person")->required();
    grant->add_option("role", arguments.role, "loan_officer, admin or platform_admin")->required();
    grant->add_option("--db", arguments.options.database_url, "sqlite:PATH or postgresql://…");
    grant->add_option("--data", arguments.options.data_folder, "Folder of the SQLite database");
    auto* openapi = program.add_subcommand("openapi", "Print a face's OpenAPI 3.1 document");
    openapi->add_option("face", arguments.face, "flexifinance, chamahub, gidinest, upflame or cashstage")
        ->required();
    openapi->add_flag("--endpoints", arguments.only_endpoints, "One line an endpoint instead");
}

Options options_of(Arguments arguments, const CLI::App& command) {
    auto& options = arguments.options;
    if (!arguments.config.empty()) pamoja::app::read_config(arguments.config, options);
    if (command.count("--port") > 0 || options.ports.empty()) options.ports = {arguments.port};
    options.webhook_secret = pamoja::app::webhook_secret_from_environment();
    options.is_development = command.get_name() == "dev";
    options.is_limited = !arguments.is_unlimited;
    if (!arguments.clock.empty()) {
        options.clock_start = pamoja::Timestamp::parse(arguments.clock);
        if (!options.clock_start)
            throw std::runtime_error("--clock takes an instant such as 2025-12-05T14:48:13Z");
    }
    return options;
}

int run(const CLI::App& command, const Arguments& arguments) {
    const std::string& name = command.get_name();
    if (name == "sandbox") return pamoja::app::run_sandbox(arguments.options.sandbox_port);
    if (name == "migrate") return pamoja::app::run_migrate(arguments.options);
    if (name == "check") return pamoja::app::run_check(arguments.options);
    if (name == "grant") return pamoja::app::run_grant(arguments.options, arguments.email, arguments.role);
    if (name == "openapi") return pamoja::app::print_openapi(arguments.face, arguments.only_endpoints);
    auto options = options_of(arguments, command);
    return name == "dev" ? pamoja::app::run_dev(std::move(options))
                         : pamoja::app::run_serve(std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App program("Pamoja: five financial APIs over one ledger", "pamoja");
    program.require_subcommand(1);
    Arguments arguments;
    add_dev(program, arguments);
    add_serve(program, arguments);
    add_others(program, arguments);
    CLI11_PARSE(program, argc, argv);
    try {
        return run(*program.get_subcommands().front(), arguments);
    } catch (const std::exception& fault) {
        pamoja::log::flush();
        std::fprintf(stderr, "pamoja: %s\n", fault.what());
        return 2;
    }
}
