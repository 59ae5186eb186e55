#pragma once
#include <functional>

#include "workflows/definition.hpp"

namespace pamoja::workflows {

// Whether a file's id may be handed in by whoever submits.
using FileCheck = std::function<bool(const std::string& file_id)>;

// Holds what was submitted against the form: types, rules, required fields, files, unknown names. Returns the
// values of the form's fields in its order; what was null or an empty text is left out. Throws
// validation_failed with every fault at once ("data.id_proof").
json::Value checked_form(const Step&, const json::Value& data, const FileCheck&);

}  // namespace pamoja::workflows
