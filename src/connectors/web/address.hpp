#pragma once
#include <string_view>

struct sockaddr;

namespace pamoja::web {

// Whether an address belongs to the public internet. Refused: loopback, private, link-local, shared
// (100.64/10), multicast, broadcast, documentation, benchmark and reserved ranges, and the IPv6 forms that
// carry an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo), whatever that address is, except
// that a mapped public one passes.
bool is_public_address(const sockaddr&);
bool is_public_address(std::string_view numeric);  // false for what is no numeric address

// Whether the address is one of this machine's own, so that a call would come back to it by its public side.
// When the machine cannot tell, it says yes.
bool is_own_address(const sockaddr&);

}  // namespace pamoja::web
