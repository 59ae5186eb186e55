#pragma once
#include "db/tx.hpp"

namespace pamoja::faces::flexifinance {

// Who borrows is of age where the tenant does its business. Throws a field error on "date_of_birth".
void require_adult(Tx&, const Date& date_of_birth);

// A name that letters and lists can show: adds a field error for control characters.
void check_name(Reading&, const char* field, std::string_view name);

}  // namespace pamoja::faces::flexifinance
