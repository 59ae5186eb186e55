#pragma once
#include "http/message.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// OpenID Connect Discovery: /.well-known/openid-configuration below the issuer. Throws not_found for a tenant
// that is not there.
http::Response discovery(const Provider&, Tx&);
// The public keys of ID tokens, the next one included.
http::Response key_set(const Provider&, Tx&);

}  // namespace pamoja::openid
