#pragma once
#include "base/failure.hpp"

namespace pamoja::http {

// The status that HTTP has for a kind of refusal. Faces whose documents say otherwise differ where they do.
int usual_status(FailureKind);

}  // namespace pamoja::http
