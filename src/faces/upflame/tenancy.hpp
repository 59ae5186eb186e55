#pragma once
#include "faces/shared/tenancy.hpp"

namespace pamoja::faces::upflame {

// Whose request an unsigned one is: of the tenant that X-Tenant-ID names, else of the one that owns the host,
// else of the platform's home.
class UpflameTenancy : public Tenancy {
  public:
    explicit UpflameTenancy(TenantId home) : home_(std::move(home)) {}

    TenantId tenant_of(Tx&, const http::Request&) const override;
    std::string_view header() const override { return "X-Tenant-ID"; }

  private:
    TenantId home_;
};

}  // namespace pamoja::faces::upflame
