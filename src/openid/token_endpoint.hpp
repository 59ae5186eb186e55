#pragma once
#include "http/message.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// What a tenant's clients call. They block: never inside a transaction. Refusals are answers in OAuth's form.

// POST: authorization_code, refresh_token, client_credentials.
http::Response token(const Provider&, const TenantId&, const http::Request&);
// POST (RFC 7009): ends the grant that an access or refresh token of the client belongs to.
http::Response revoke(const Provider&, const TenantId&, const http::Request&);
// POST (RFC 7662): for confidential clients. Refresh tokens only tell their own client.
http::Response introspect(const Provider&, const TenantId&, const http::Request&);
// GET or POST with the token in the header, POST with it in the form.
http::Response userinfo(const Provider&, const TenantId&, const http::Request&);

}  // namespace pamoja::openid
