#pragma once
#include "webhooks/endpoint.hpp"

namespace pamoja::webhooks {

using SecretId = Id<struct SecretTag>;

// Makes and stores a secret; the answer is the only place that shows it.
std::string add_secret(Tx&, const EndpointId&, const crypto::Keyring&);

// Newest first, still encrypted.
struct SealedSecret {
    SecretId id;
    std::string sealed_secret;

    void describe(Fields&);
};
std::vector<SealedSecret> live_secrets(Tx&, const EndpointId&);
std::vector<std::string> open_secrets(const std::vector<SealedSecret>&, const crypto::Keyring&);

}  // namespace pamoja::webhooks
