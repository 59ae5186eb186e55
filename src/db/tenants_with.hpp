#pragma once
#include "db/tx.hpp"

namespace pamoja {

// Some of the tenants: the first so many after one, in the order of their ids.
struct TenantSlice {
    TenantId after = {};
    std::int64_t count_max = 100;
};

namespace internal {
std::string tenants_with_text(std::string_view table, std::string_view condition, std::size_t parameters);
}

// The tenants of a slice that have a row in the table for which the condition holds ("expires_at < $1"), for
// work that spans tenants: runs in a transaction of every_tenant(). It steps from tenant to tenant through an
// index that begins with tenant_id, so it costs what there are tenants with rows, however many rows they
// have.
template <class... Args>
std::vector<TenantId> tenants_with(Tx& tx, const TenantSlice& slice, std::string_view table,
                                   std::string_view condition, const Args&... args) {
    const auto found = tx.rows(internal::tenants_with_text(table, condition, sizeof...(Args)), args...,
                               slice.after, slice.count_max);
    std::vector<TenantId> tenants;
    for (const Row& row : found.rows) tenants.emplace_back(std::get<std::string>(row.cells.at(0)));
    return tenants;
}

}  // namespace pamoja
