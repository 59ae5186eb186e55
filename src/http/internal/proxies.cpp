#include "http/internal/proxies.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <stdexcept>

#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr AddressBytes mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};

bool is_mapped(const AddressBytes& address) {
    return std::equal(address.begin(), address.begin() + 12, mapped_prefix.begin());
}

// Some proxies write the port too: "10.0.0.1:1234" and "[::1]:1234".
std::string_view without_port(std::string_view hop) {
    auto bracket = hop.find(']');
    if (hop.starts_with('[') && bracket != std::string_view::npos) return hop.substr(1, bracket - 1);
    return std::count(hop.begin(), hop.end(), ':') == 1 ? hop.substr(0, hop.find(':')) : hop;
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
    std::string terminated(text);
    AddressBytes address = mapped_prefix;
    if (inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1) return address;
    if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
    return std::nullopt;
}

std::string address_text(const AddressBytes& address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (is_mapped(address)) {
        inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
    } else {
        inet_ntop(AF_INET6, address.data(), text, sizeof text);
    }
    return text;
}

Proxies::Proxies(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        std::string_view rest = entry;
        auto address = parse_address(take_until(rest, '/'));
        bool has_prefix = entry.find('/') != std::string::npos;
        if (!address) throw std::invalid_argument("not an address or network of a proxy: " + entry);
        std::uint64_t width = is_mapped(*address) ? 32 : 128;
        auto prefix = has_prefix ? parse_digits(rest) : width;
        if (!prefix || *prefix > width) throw std::invalid_argument("not a network of a proxy: " + entry);
        networks_.push_back({*address, static_cast<int>(128 - width + *prefix)});
    }
}

bool Proxies::is_trusted(const AddressBytes& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        auto whole = static_cast<std::size_t>(network.bits / 8);
        int rest = network.bits % 8;
        if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                        network.address.begin()))
            return false;
        return rest == 0 || ((address[whole] ^ network.address[whole]) >> (8 - rest)) == 0;
    });
}

std::string Proxies::client_of(const AddressBytes& peer, const std::vector<Header>& headers) const {
    AddressBytes client = peer;
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (!equals_ignoring_case(header->name, "X-Forwarded-For")) continue;
        std::string_view hops = header->value;
        while (!hops.empty()) {
            auto comma = hops.rfind(',');
            std::string_view hop = trim(comma == std::string_view::npos ? hops : hops.substr(comma + 1));
            hops = comma == std::string_view::npos ? std::string_view() : hops.substr(0, comma);
            auto address = parse_address(without_port(hop));
            if (!address) return address_text(client);
            client = *address;
            if (!is_trusted(client)) return address_text(client);
        }
    }
    return address_text(client);
}

}  // namespace pamoja::http::internal
