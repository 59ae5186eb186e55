#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "connectors/dns/txt_lookup.hpp"
#include "connectors/mail/mailer.hpp"
#include "connectors/mpesa/daraja.hpp"
#include "connectors/push/push_gateway.hpp"
#include "connectors/sms/sms_gateway.hpp"
#include "faces/shared/router.hpp"
#include "identity/domain_proof.hpp"

namespace pamoja::app {

// Everything that a server can be told. `dev` fills it for the sandbox, `serve` from its configuration file.
struct Options {
    bool is_development = false;
    std::filesystem::path data_folder = "var";
    std::string database_url;  // "sqlite:DATA/pamoja.db" when empty
    std::string address = "127.0.0.1";
    std::vector<std::uint16_t> ports{8000};
    std::optional<std::uint16_t> metrics_port;  // none when 0; a thousand above the first port when not said
    std::uint16_t sandbox_port = 8100;
    bool is_sandbox_apart = false;  // `pamoja sandbox` runs on that port already, and outlives this process
    bool is_limited = true;
    std::optional<Timestamp> clock_start;
    std::string public_base_url;    // of links in mails: "https://app.flexifinance.com"
    std::string upflame_base_url;   // of its OpenID providers: "https://api.upflame.in"
    std::string callback_base_url;  // where providers reach us: "https://api.flexifinance.com/v1"
    std::string webhook_secret;     // of incoming FlexiFinance webhooks
    std::vector<std::string> callback_sources;
    std::vector<std::string> trusted_proxies;
    std::vector<faces::HostAlias> host_aliases;
    bool login_requires_verified_email = false;
    mpesa::DarajaConfig daraja;
    mail::MailerConfig mail;
    sms::SmsConfig sms;
    push::PushConfig push;
    dns::ResolverConfig resolver;  // of tenants' domains
    identity::DomainProver::Config domain_proof;
};

// FlexiFinance and Upflame share /v1 in production; the host decides. RULES section 4.
std::vector<faces::HostAlias> documented_host_aliases();

// Reads a TOML file over the given options. Throws std::runtime_error that names what is wrong.
void read_config(const std::filesystem::path&, Options&);

// The secret of incoming webhooks comes from the environment only: PAMOJA_WEBHOOK_SECRET.
std::string webhook_secret_from_environment();

std::string database_url_of(const Options&);

}  // namespace pamoja::app
