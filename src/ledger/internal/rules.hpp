#pragma once
#include <span>

namespace pamoja::ledger::internal {

// A sentence that is true of each row that the statement finds; its one column says where.
struct Rule {
    const char* sentence;
    const char* sql;
};

std::span<const Rule> rules();

}  // namespace pamoja::ledger::internal
