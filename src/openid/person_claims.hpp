#pragma once
#include <string>
#include <vector>

#include "identity/people.hpp"
#include "json/writer.hpp"

namespace pamoja::openid {

// Writes those of the named claims that are known of the person as members of the object that is open; each
// once.
void write_claims(json::Writer&, const identity::Person&, const std::vector<std::string>& claims);

}  // namespace pamoja::openid
