#include "base/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/hex.hpp"

namespace pamoja {

std::uint64_t Random::next() {
    std::uint64_t value = 0;
    fill({reinterpret_cast<unsigned char*>(&value), sizeof value});
    return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
    // Values under the threshold would make the low results likelier; draw again.
    const std::uint64_t threshold = (0 - bound) % bound;
    std::uint64_t value = next();
    while (value < threshold) value = next();
    return value % bound;
}

std::string Random::bytes(std::size_t count) {
    std::string result(count, '\0');
    fill({reinterpret_cast<unsigned char*>(result.data()), count});
    return result;
}

std::string Random::hex(std::size_t bytes_count) {
    return to_hex(bytes(bytes_count));
}

std::string Random::digits(std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += static_cast<char>('0' + below(10));
    return result;
}

void SystemRandom::fill(std::span<unsigned char> bytes) {
    while (!bytes.empty()) {
        const auto got = getrandom(bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
        bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

void SeededRandom::fill(std::span<unsigned char> bytes) {
    const std::lock_guard lock(mutex_);
    while (!bytes.empty()) {
        const std::uint64_t value = engine_();
        const auto count = std::min(bytes.size(), sizeof value);
        std::memcpy(bytes.data(), &value, count);
        bytes = bytes.subspan(count);
    }
}

}  // namespace pamoja
