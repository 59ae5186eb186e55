#pragma once
#include <string>

#include "faces/shared/api.hpp"

namespace pamoja::faces {

// The OpenAPI 3.1 document of a face, written from its route table, so that it cannot drift from what is
// served.
std::string openapi_of(const Api&);
// One line an endpoint, sorted: method, path, name, who may call it, limit, and whether it is an addition.
std::string endpoint_list_of(const Api&);

}  // namespace pamoja::faces
