#pragma once
#include <vector>

#include "access/internal/program.hpp"
#include "base/failure.hpp"
#include "json/value.hpp"

namespace pamoja::access {

// Compiles the JSON form of a condition. Every fault that is found is added to `errors`; the program is of no
// use when there is one. Time and memory are bounded by the limits in program.hpp.
Program compile_program(const json::Value& written, std::string_view place, std::vector<FieldError>& errors);

}  // namespace pamoja::access
