#pragma once
#include "db/tx.hpp"
#include "http/message.hpp"
#include "identity/sessions.hpp"

namespace pamoja::faces {

// How a face with many tenants tells whose request it is. A signed-in caller's tenant is that of the token.
class Tenancy {
  public:
    virtual ~Tenancy() = default;
    // Of a request without a token, in a transaction of every tenant. Throws Failure when it names one that
    // is not there.
    virtual TenantId tenant_of(Tx&, const http::Request&) const = 0;
    // The header by which a client may name its tenant; beside a token it may only repeat the token's.
    virtual std::string_view header() const = 0;
};

// What stands between a caller and a route that needs a permission.
class Guard {
  public:
    virtual ~Guard() = default;
    // Throws forbidden unless the caller may.
    virtual void require_allowed(Tx&, const identity::Principal&, std::string_view permission) const = 0;
};

}  // namespace pamoja::faces
