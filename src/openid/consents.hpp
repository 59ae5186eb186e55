#pragma once
#include <string>
#include <vector>

#include "openid/clients.hpp"

namespace pamoja::openid {

// What a person has allowed a client so far: scopes, and single claims as "claim:email".
std::vector<std::string> consent_of(Tx&, const UserId&, const ClientId&);
void add_consent(Tx&, const UserId&, const ClientId&, const std::vector<std::string>& permissions);

}  // namespace pamoja::openid
