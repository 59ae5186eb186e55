#pragma once
#include <string>
#include <string_view>

namespace pamoja::postgres {

// What the first failed statement of a transaction means for the transaction.
enum class Fault {
    none,
    statement,  // it is wrong, or a rule of the schema refused it: no other attempt can succeed
    duplicate,  // a unique or exclusion constraint: perhaps a race that another attempt sees as an ordinary
                // row
    conflict,   // it had to give way to another transaction: another attempt may succeed
    outage,     // the server cannot work at the moment
    lost,       // the connection broke before the commit was asked for: nothing was written
    in_doubt,   // the connection broke during the commit: nobody knows whether it was written
};

Fault fault_of(std::string_view sql_state);

// Throws what the fault is to the caller of a statement: ConstraintViolation, Failure or std::runtime_error.
[[noreturn]] void throw_fault(Fault, std::string_view sql_state, const std::string& message,
                              const std::string& sql);

}  // namespace pamoja::postgres
