#include "crypto/totp.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "crypto/digest.hpp"
#include "crypto/equal.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::int64_t step_seconds = 30;
constexpr int digits_default = 6;

}  // namespace

std::int64_t totp_step(Timestamp at) {
    return at.seconds() / step_seconds;
}

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
    constexpr std::array<std::uint32_t, 3> moduli{1'000'000, 10'000'000, 100'000'000};
    if (digits < 6 || digits > 8) throw std::invalid_argument("a TOTP code has six to eight digits");
    std::string counter(8, '\0');
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<char>((static_cast<std::uint64_t>(step) >> (8 * (7 - i))) & 0xff);
    }
    const std::string mac = hmac_sha1(secret, counter);
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(mac[i]));
    };
    // RFC 4226 5.3: the last nibble says where the 31 bits of the code are.
    const std::size_t offset = byte(mac.size() - 1) & 0x0f;
    const std::uint32_t bits =
        (byte(offset) & 0x7f) << 24 | byte(offset + 1) << 16 | byte(offset + 2) << 8 | byte(offset + 3);
    return fmt::format("{:0{}}", bits % moduli[static_cast<std::size_t>(digits - 6)], digits);
}

std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Timestamp now,
                                       int window) {
    const std::int64_t current = totp_step(now);
    std::optional<std::int64_t> matched;
    // All steps are computed, so that the time tells nothing about which one matched.
    for (std::int64_t step = current - window; step <= current + window; ++step) {
        if (constant_time_equal(totp_code(secret, step, digits_default), code)) matched = step;
    }
    return matched;
}

}  // namespace pamoja::crypto
