#include "faces/flexifinance/admin.hpp"

#include "faces/flexifinance/mounts.hpp"

namespace pamoja::faces::flexifinance {

void mount_admin(Api& api) {
    mount_admin_loans(api);
    mount_admin_products(api);
    mount_admin_books(api);
}

}  // namespace pamoja::faces::flexifinance
