#include "db/postgres/fault.hpp"

#include "base/failure.hpp"
#include "db/tx.hpp"

namespace pamoja::postgres {
namespace {

// Of PostgreSQL's appendix of error codes; PJ001 is raised by the triggers of {append_only}.
constexpr std::string_view unique_violation = "23505";
constexpr std::string_view foreign_key_violation = "23503";
constexpr std::string_view exclusion_violation = "23P01";
constexpr std::string_view out_of_range = "22003";
constexpr std::string_view immutable_row = "PJ001";
constexpr std::string_view serialization_failure = "40001";
constexpr std::string_view deadlock = "40P01";
constexpr std::string_view lock_not_available = "55P03";
constexpr std::string_view query_cancelled = "57014";
constexpr std::string_view read_only_transaction = "25006";
constexpr std::string_view bad_character = "22021";

bool is_constraint(std::string_view state) {
    // A number beyond 64 bits is refused by its type here, and by a CHECK of the table on SQLite.
    return state.starts_with("23") || state == out_of_range || state == immutable_row;
}

ConstraintViolation::Kind violated_kind(std::string_view state) {
    using Kind = ConstraintViolation::Kind;
    if (state == unique_violation) return Kind::unique;
    if (state == foreign_key_violation) return Kind::foreign_key;
    if (state == exclusion_violation) return Kind::exclusion;
    if (state == immutable_row) return Kind::immutable;
    return Kind::check;
}

}  // namespace

Fault fault_of(std::string_view state) {
    if (state == unique_violation || state == exclusion_violation) return Fault::duplicate;
    if (state == serialization_failure || state == deadlock || state == lock_not_available)
        return Fault::conflict;
    if (state.starts_with("08")) return Fault::lost;
    // Lack of resources, an operator's hand, a failing disk; a server that has become a standby only reads.
    if (state.starts_with("53") || state.starts_with("57P") || state.starts_with("58") ||
        state == query_cancelled || state == read_only_transaction)
        return Fault::outage;
    return Fault::statement;
}

void throw_fault(Fault fault, std::string_view state, const std::string& message, const std::string& sql) {
    if (is_constraint(state)) throw ConstraintViolation(violated_kind(state), message);
    if (state == bad_character) {
        throw Failure(malformed_request, "A text holds a character that cannot be stored.");
    }
    switch (fault) {
        case Fault::conflict:
            throw Failure(unavailable, "The service is too busy. Please try again.");
        case Fault::in_doubt:
            throw Failure(unavailable, "The connection to the database broke while it stored the data.");
        case Fault::outage:
        case Fault::lost:
            throw Failure(unavailable, "The service cannot store data at the moment.");
        case Fault::none:
        case Fault::statement:
        case Fault::duplicate:
            break;
    }
    throw std::runtime_error("PostgreSQL: " + message + " in: " + sql);
}

}  // namespace pamoja::postgres
