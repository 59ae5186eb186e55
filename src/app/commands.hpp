#pragma once
#include <string>

#include "app/options.hpp"

namespace pamoja::app {

// Each returns the process's exit code. dev, serve and sandbox stay until SIGTERM or SIGINT.
int run_dev(Options);
int run_serve(Options);
int run_sandbox(std::uint16_t port);
int run_migrate(const Options&);
int run_check(const Options&);
// Makes a registered person of FlexiFinance an officer: how an installation gets its first.
int run_grant(const Options&, const std::string& email, const std::string& role);
int print_openapi(const std::string& face, bool only_endpoints);

}  // namespace pamoja::app
