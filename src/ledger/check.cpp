#include "ledger/check.hpp"

#include "ledger/chain.hpp"
#include "ledger/internal/rules.hpp"

namespace pamoja::ledger {
namespace {

void apply(Tx& tx, const internal::Rule& rule, std::vector<std::string>& violations) {
    for (const Row& row : tx.rows(std::string(rule.sql) + " LIMIT 20").rows) {
        std::string what;
        Type<std::string>::from_cell(row.cells.at(0), what);
        violations.push_back(std::string(rule.sentence) + ": " + what);
    }
}

}  // namespace

std::vector<std::string> check(Tx& tx) {
    std::vector<std::string> violations;
    for (const internal::Rule& rule : internal::rules()) apply(tx, rule, violations);
    for (std::string& fault : verify_chain(tx)) violations.push_back(std::move(fault));
    return violations;
}

}  // namespace pamoja::ledger
