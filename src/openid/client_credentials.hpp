#pragma once
#include "http/message.hpp"
#include "http/query.hpp"
#include "openid/clients.hpp"

namespace pamoja::openid {

// What a client says of itself in a request: by HTTP Basic, in the form, or, without a secret, by its id
// alone. Throws invalid_request for two ways at once, invalid_client for none.
struct ClientCredentials {
    std::string client_id;
    std::optional<std::string> secret;
};
ClientCredentials credentials_in(const http::Request&, const http::Query& form);

// Throws invalid_client. A public client is taken by its id, a confidential one by its secret only.
Client require_client(Tx&, const crypto::Keyring&, const ClientCredentials&);

}  // namespace pamoja::openid
