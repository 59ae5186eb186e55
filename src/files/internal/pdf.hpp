#pragma once
#include <string_view>

namespace pamoja::files {

// Throws Failure(validation_failed) on the field "file" for a PDF without an end, and for one that says that
// it runs scripts, starts programs or carries other files. It is not parsed beyond that.
void check_pdf(std::string_view bytes);

}  // namespace pamoja::files
