#include "db/tenants_with.hpp"

namespace pamoja::internal {

// The recursion finds one tenant a step and in order, so what LIMIT takes are the first; an ORDER BY would
// make the engines take all the steps before it.
std::string tenants_with_text(std::string_view table, std::string_view condition, std::size_t parameters) {
    const std::string from(table);
    const std::string after = "CAST($" + std::to_string(parameters + 1) + " AS TEXT)";
    const std::string count_max = "CAST($" + std::to_string(parameters + 2) + " AS BIGINT)";
    return "WITH RECURSIVE steps (tenant_id) AS (SELECT MIN(tenant_id) FROM " + from + " WHERE tenant_id > " +
           after + " UNION ALL SELECT (SELECT MIN(tenant_id) FROM " + from +
           " WHERE tenant_id > steps.tenant_id) FROM steps WHERE steps.tenant_id IS NOT NULL) "
           "SELECT steps.tenant_id FROM steps WHERE steps.tenant_id IS NOT NULL AND EXISTS (SELECT 1 FROM " +
           from + " WHERE " + from + ".tenant_id = steps.tenant_id AND (" + std::string(condition) +
           ")) LIMIT " + count_max;
}

}  // namespace pamoja::internal
