#include "identity/domain_proof.hpp"

#include <algorithm>
#include <vector>

#include "crypto/equal.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t file_bytes_max = 4096;
constexpr std::string_view file_path = "/.well-known/pamoja-domain-verification";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::string proof_record(std::string_view domain) {
    return "_pamoja-challenge." + std::string(domain);
}

std::string proof_file_url(std::string_view domain) {
    return "https://" + std::string(domain) + std::string(file_path);
}

DomainProver::DomainProver(dns::ResolverConfig resolver, web::WebClient& web, Config config)
    : dns_(std::move(resolver)), web_(web), config_(config) {}

ProofResult DomainProver::look(const std::string& domain, std::string_view token) const {
    const std::string record_fault = fault_of_record(domain, token);
    if (record_fault.empty()) return {.is_proved = true, .kind = ProofKind::dns, .message = {}};
    const std::string file_fault = fault_of_file(domain, token);
    if (file_fault.empty()) return {.is_proved = true, .kind = ProofKind::file, .message = {}};
    return {.is_proved = false, .kind = ProofKind::dns, .message = record_fault + " " + file_fault};
}

std::string DomainProver::fault_of_record(const std::string& domain, std::string_view token) const {
    const std::string name = proof_record(domain);
    const auto answer = dns_.find(name);
    switch (answer.kind) {
        case dns::LookupKind::answered: {
            const bool is_there = std::ranges::any_of(answer.values, [&](const std::string& value) {
                return crypto::constant_time_equal(trimmed(value), token);
            });
            return is_there ? "" : "The TXT record of " + name + " has another value.";
        }
        case dns::LookupKind::absent:
            return "There is no TXT record of " + name + ".";
        case dns::LookupKind::timed_out:
        case dns::LookupKind::failed:
            break;
    }
    return "The name servers gave no answer about " + name + ".";
}

std::string DomainProver::fault_of_file(const std::string& domain, std::string_view token) const {
    const std::string port = config_.http_port == 80 ? "" : ":" + std::to_string(config_.http_port);
    for (const std::string& url :
         {proof_file_url(domain), "http://" + domain + port + std::string(file_path)}) {
        const auto response = web_.call({.url = url,
                                         .reach = config_.reach,
                                         .connect_timeout = std::chrono::seconds(3),
                                         .total_timeout = std::chrono::seconds(5),
                                         .answer_bytes_max = file_bytes_max});
        if (response.status == 200 && crypto::constant_time_equal(trimmed(response.body), token)) return {};
    }
    return "No file with the token was found at " + proof_file_url(domain) + ".";
}

}  // namespace pamoja::identity
