#include "app/options.hpp"

#include <toml++/toml.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pamoja::app {
namespace {

template <class T>
void take(const toml::table& table, std::string_view path, T& target) {
    const auto node = table.at_path(path);
    if (!node) return;
    const auto value = node.value<T>();
    if (!value)
        throw std::runtime_error("the configuration's " + std::string(path) + " is of the wrong type");
    target = *value;
}

void take(const toml::table& table, std::string_view path, std::vector<std::string>& target) {
    const auto* list = table.at_path(path).as_array();
    if (list == nullptr) return;
    target.clear();
    for (const auto& item : *list) target.push_back(item.value_or(std::string()));
}

void take_ports(const toml::table& table, Options& options) {
    if (const auto* list = table.at_path("server.ports").as_array(); list != nullptr) {
        options.ports.clear();
        for (const auto& item : *list) options.ports.push_back(item.value_or(std::uint16_t{0}));
    }
    if (const auto port = table.at_path("server.metrics_port").value<std::uint16_t>())
        options.metrics_port = *port;
}

// Secrets may stand in files of their own, which an operator can protect: "passkey_file".
void take_secret(const toml::table& table, const std::string& path, std::string& target) {
    take(table, path, target);
    std::string file;
    take(table, path + "_file", file);
    if (file.empty()) return;
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("the configuration's " + path + "_file cannot be read");
    std::ostringstream text;
    text << stream.rdbuf();
    target = text.str();
    while (!target.empty() && (target.back() == '\n' || target.back() == '\r')) target.pop_back();
}

void take_mpesa(const toml::table& table, mpesa::DarajaConfig& daraja) {
    take(table, "mpesa.base_url", daraja.base_url);
    take_secret(table, "mpesa.consumer_key", daraja.consumer_key);
    take_secret(table, "mpesa.consumer_secret", daraja.consumer_secret);
    take(table, "mpesa.short_code", daraja.short_code);
    take_secret(table, "mpesa.passkey", daraja.passkey);
    take(table, "mpesa.initiator_name", daraja.initiator_name);
    take_secret(table, "mpesa.initiator_password", daraja.initiator_password);
    take_secret(table, "mpesa.certificate_pem", daraja.certificate_pem);
}

void take_mail(const toml::table& table, mail::MailerConfig& mail) {
    take(table, "mail.host", mail.host);
    take(table, "mail.port", mail.port);
    take(table, "mail.username", mail.username);
    take_secret(table, "mail.password", mail.password);
    take(table, "mail.from", mail.from.address);
    take(table, "mail.from_name", mail.from.name);
    std::string encryption;
    take(table, "mail.encryption", encryption);
    if (encryption == "start_tls") mail.encryption = mail::Encryption::start_tls;
    if (encryption == "tls") mail.encryption = mail::Encryption::tls;
}

void take_sms(const toml::table& table, sms::SmsConfig& sms) {
    take(table, "sms.base_url", sms.base_url);
    take(table, "sms.username", sms.username);
    take_secret(table, "sms.api_key", sms.api_key);
    take(table, "sms.sender", sms.sender);
}

void take_push(const toml::table& table, push::PushConfig& push) {
    std::string account;
    take_secret(table, "push.service_account", account);
    if (!account.empty()) push = push::read_service_account(account);
    take(table, "push.base_url", push.base_url);
}

}  // namespace

std::vector<faces::HostAlias> documented_host_aliases() {
    return {{"api.flexifinance.com", "/v1", "/api/v1"}, {"api-staging.flexifinance.com", "/v1", "/api/v1"}};
}

void read_config(const std::filesystem::path& file, Options& options) {
    try {
        const toml::table table = toml::parse_file(file.string());
        take(table, "server.address", options.address);
        take_ports(table, options);
        take(table, "server.trusted_proxies", options.trusted_proxies);
        take(table, "database.url", options.database_url);
        take(table, "flexifinance.public_base_url", options.public_base_url);
        take(table, "upflame.base_url", options.upflame_base_url);
        take(table, "flexifinance.callback_base_url", options.callback_base_url);
        take(table, "flexifinance.callback_sources", options.callback_sources);
        take(table, "flexifinance.login_requires_verified_email", options.login_requires_verified_email);
        take_mpesa(table, options.daraja);
        take_mail(table, options.mail);
        take_sms(table, options.sms);
        take_push(table, options.push);
        take(table, "dns.address", options.resolver.address);
        if (const auto port = table.at_path("dns.port").value<std::uint16_t>()) options.resolver.port = *port;
    } catch (const toml::parse_error& error) {
        throw std::runtime_error("the configuration " + file.string() +
                                 " cannot be read: " + std::string(error.description()));
    }
}

std::string webhook_secret_from_environment() {
    const char* secret = std::getenv("PAMOJA_WEBHOOK_SECRET");
    return secret != nullptr ? secret : "";
}

std::string database_url_of(const Options& options) {
    if (!options.database_url.empty()) return options.database_url;
    return "sqlite:" + (options.data_folder / "pamoja.db").string();
}

}  // namespace pamoja::app
