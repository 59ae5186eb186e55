#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace pamoja::http::internal {

// An IP address as 16 bytes; IPv4 in its mapped form, so that both families compare alike.
using AddressBytes = std::array<unsigned char, 16>;

std::optional<AddressBytes> parse_address(std::string_view);
std::string address_text(const AddressBytes&);

// The proxies whose X-Forwarded-For is believed.
class Proxies {
  public:
    // Throws std::invalid_argument for an entry that is neither an address nor a network.
    explicit Proxies(const std::vector<std::string>& entries);

    bool is_trusted(const AddressBytes&) const;
    // Who is calling, when `peer` is a trusted proxy: the last hop in X-Forwarded-For that is not one itself.
    // What stands left of it could be anything.
    std::string client_of(const AddressBytes& peer, const std::vector<Header>&) const;

  private:
    struct Network {
        AddressBytes address;
        int bits;
    };
    std::vector<Network> networks_;
};

}  // namespace pamoja::http::internal
