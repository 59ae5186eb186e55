#include "base/id.hpp"

#include "base/hex.hpp"

namespace pamoja {

std::string make_uuid(Timestamp now, Random& random) {
    std::string bytes = random.bytes(16);
    auto millis = static_cast<std::uint64_t>(now.micros() / 1000);
    for (int i = 5; i >= 0; --i, millis >>= 8)
        bytes[static_cast<std::size_t>(i)] = static_cast<char>(millis & 0xff);
    bytes[6] = static_cast<char>(0x70 | (bytes[6] & 0x0f));
    bytes[8] = static_cast<char>(0x80 | (bytes[8] & 0x3f));
    std::string text = to_hex(bytes);
    for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, "-");
    return text;
}

}  // namespace pamoja
