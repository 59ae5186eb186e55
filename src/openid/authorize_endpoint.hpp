#pragma once
#include "http/message.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// The pages of a tenant's provider. They block, and a sign-in hashes a password: never inside a transaction,
// on a pool of threads. None of them throws a refusal: a person sees a page, an application gets an answer at
// the address that it registered.

http::Response authorize(const Provider&, const TenantId&, const http::Request&);  // GET or POST
http::Response sign_in(const Provider&, const TenantId&, const http::Request&);    // POST of the sign-in page
http::Response consent(const Provider&, const TenantId&, const http::Request&);    // POST of the consent page

}  // namespace pamoja::openid
