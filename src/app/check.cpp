#include "app/check.hpp"

#include "audit/chain.hpp"
#include "identity/tenants.hpp"
#include "ledger/check.hpp"
#include "lending/portfolio.hpp"

namespace pamoja::app {

std::vector<std::string> check_everything(Database& database) {
    std::vector<std::string> violations;
    for (const auto& tenant :
         database.read(every_tenant(), [](Tx& tx) { return identity::all_tenants(tx); })) {
        for (const auto check : {ledger::check, lending::check, audit::check}) {
            for (const auto& sentence : database.read(tenant.id, [&](Tx& tx) { return check(tx); })) {
                violations.push_back(tenant.id.text() + ": " + sentence);
            }
        }
    }
    return violations;
}

}  // namespace pamoja::app
