#include "connectors/web/address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace pamoja::web {
namespace {

struct Ipv4Range {
    std::uint32_t first;
    int bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<Ipv4Range, 15> ipv4_refused{{
    {ipv4(0, 0, 0, 0), 8},        // this network
    {ipv4(10, 0, 0, 0), 8},       // private
    {ipv4(100, 64, 0, 0), 10},    // shared by carriers
    {ipv4(127, 0, 0, 0), 8},      // loopback
    {ipv4(169, 254, 0, 0), 16},   // link-local, cloud metadata
    {ipv4(172, 16, 0, 0), 12},    // private
    {ipv4(192, 0, 0, 0), 24},     // protocol assignments
    {ipv4(192, 0, 2, 0), 24},     // documentation
    {ipv4(192, 88, 99, 0), 24},   // 6to4 relays
    {ipv4(192, 168, 0, 0), 16},   // private
    {ipv4(198, 18, 0, 0), 15},    // benchmarks
    {ipv4(198, 51, 100, 0), 24},  // documentation
    {ipv4(203, 0, 113, 0), 24},   // documentation
    {ipv4(224, 0, 0, 0), 4},      // multicast
    {ipv4(240, 0, 0, 0), 4},      // reserved, broadcast
}};

using Ipv6 = std::array<unsigned char, 16>;

struct Ipv6Range {
    Ipv6 first;
    int bits;
};

// Only 2000::/3 is handed out for the public internet; these are the parts of it that are something else.
constexpr Ipv6Range ipv6_global{{0x20}, 3};
constexpr std::array<Ipv6Range, 4> ipv6_refused{{
    {{0x20, 0x01, 0x00, 0x00}, 23},  // protocol assignments: Teredo, benchmarks, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff, 0x00}, 20},        // documentation
}};
constexpr Ipv6Range ipv4_mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};

bool contains(const Ipv6Range& range, const Ipv6& address) {
    const auto whole_bytes = static_cast<std::size_t>(range.bits / 8);
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole_bytes),
                    range.first.begin())) {
        return false;
    }
    const int bits_left = range.bits % 8;
    if (bits_left == 0) return true;
    return (address[whole_bytes] ^ range.first[whole_bytes]) >> (8 - bits_left) == 0;
}

bool is_public(std::uint32_t address) {
    return std::none_of(ipv4_refused.begin(), ipv4_refused.end(), [&](const Ipv4Range& range) {
        return (address ^ range.first) >> (32 - range.bits) == 0;
    });
}

bool is_public(const Ipv6& address) {
    if (contains(ipv4_mapped, address))
        return is_public(ipv4(address[12], address[13], address[14], address[15]));
    return contains(ipv6_global, address) &&
           std::none_of(ipv6_refused.begin(), ipv6_refused.end(),
                        [&](const Ipv6Range& range) { return contains(range, address); });
}

bool is_public(const in_addr& address) {
    return is_public(ntohl(address.s_addr));
}

bool is_public(const in6_addr& address) {
    Ipv6 bytes{};
    std::memcpy(bytes.data(), &address, bytes.size());
    return is_public(bytes);
}

// The bytes of an address, with an IPv4 one in its mapped form. Empty for other families.
std::optional<Ipv6> bytes_of(const sockaddr& address) {
    Ipv6 bytes = ipv4_mapped.first;
    if (address.sa_family == AF_INET) {
        sockaddr_in version4{};
        std::memcpy(&version4, &address, sizeof version4);
        std::memcpy(bytes.data() + 12, &version4.sin_addr, sizeof version4.sin_addr);
        return bytes;
    }
    if (address.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 version6{};
    std::memcpy(&version6, &address, sizeof version6);
    std::memcpy(bytes.data(), &version6.sin6_addr, bytes.size());
    return bytes;
}

bool is_same_host(const sockaddr& one, const sockaddr& other) {
    const auto bytes = bytes_of(one);
    return bytes.has_value() && bytes == bytes_of(other);
}

}  // namespace

bool is_public_address(const sockaddr& address) {
    // The address stands in a larger buffer of the family's own type, whose alignment a sockaddr does not
    // promise.
    if (address.sa_family == AF_INET) {
        sockaddr_in version4{};
        std::memcpy(&version4, &address, sizeof version4);
        return is_public(version4.sin_addr);
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 version6{};
        std::memcpy(&version6, &address, sizeof version6);
        return is_public(version6.sin6_addr);
    }
    return false;
}

bool is_own_address(const sockaddr& address) {
    ifaddrs* own = nullptr;
    if (getifaddrs(&own) != 0) return true;
    bool is_own = false;
    for (const ifaddrs* each = own; each != nullptr && !is_own; each = each->ifa_next)
        is_own = each->ifa_addr != nullptr && is_same_host(*each->ifa_addr, address);
    freeifaddrs(own);
    return is_own;
}

bool is_public_address(std::string_view numeric) {
    const std::string text(numeric);
    in_addr version4{};
    if (inet_pton(AF_INET, text.c_str(), &version4) == 1) return is_public(version4);
    in6_addr version6{};
    return inet_pton(AF_INET6, text.c_str(), &version6) == 1 && is_public(version6);
}

}  // namespace pamoja::web
