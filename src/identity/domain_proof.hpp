#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "connectors/dns/txt_lookup.hpp"
#include "connectors/web/web_client.hpp"

namespace pamoja::identity {

// How whoever rules over a domain shows it: by a TXT record of _pamoja-challenge.DOMAIN that is the token, or
// by a file at /.well-known/pamoja-domain-verification that holds nothing else.
enum class ProofKind { dns, file };
constexpr std::array<const char*, 2> names(ProofKind) {
    return {"dns", "file"};
}

struct ProofResult {
    bool is_proved = false;
    ProofKind kind = ProofKind::dns;  // by which it was proved
    std::string message;              // a sentence for the domain's owner on what was found instead
};

std::string proof_record(std::string_view domain);    // "_pamoja-challenge.acme.example.com"
std::string proof_file_url(std::string_view domain);  // over https

// SLOW, for the ask phase: looks for the proofs of a claim that the database was asked for before.
class DomainProver {
  public:
    struct Config {
        web::Reach reach = web::Reach::public_only;  // of the file's host
        std::uint16_t http_port = 80;
    };

    DomainProver(dns::ResolverConfig, web::WebClient&, Config);

    ProofResult look(const std::string& domain, std::string_view token) const;

  private:
    std::string fault_of_record(const std::string& domain, std::string_view token) const;
    std::string fault_of_file(const std::string& domain, std::string_view token) const;

    dns::TxtLookup dns_;
    web::WebClient& web_;
    Config config_;
};

}  // namespace pamoja::identity
