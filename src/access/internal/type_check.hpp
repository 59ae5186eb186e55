#pragma once
#include "access/internal/operator_text.hpp"

namespace pamoja::access {

// What kind of value an attribute of the platform always has; missing for those that are not known here.
DatumKind known_kind(const Path&);

// Reads texts that are times as times, where the attribute may be one ("2025-12-05T10:00:00Z" in a literal).
void recognise_times(Test&);

// Whether the operator can ever work on the attribute and the operands.
TextFault check_types(const Test&);

}  // namespace pamoja::access
