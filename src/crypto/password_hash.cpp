#include "crypto/password_hash.hpp"

#include <argon2.h>
#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <stdexcept>

#include "crypto/base64.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::uint32_t memory_kib = 19'456;
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

// A stored hash names its own cost. One that names much more than ours was not written by us, and checking it
// would let whoever can write a row exhaust the machine.
constexpr std::uint32_t memory_kib_max = 4 * memory_kib;
constexpr std::uint32_t passes_max = 8;
constexpr std::size_t phc_length_max = 256;

std::atomic<std::uint64_t> hashes_computed{0};

std::string parameters_text() {
    return fmt::format("$argon2id$v=19$m={},t={},p={}$", memory_kib, passes, lanes);
}

std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view name) {
    if (!text.starts_with(name)) return std::nullopt;
    text.remove_prefix(name.size());
    std::uint32_t number = 0;
    std::size_t length = 0;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') {
        if (length == 9) return std::nullopt;
        number = number * 10 + static_cast<std::uint32_t>(text[length++] - '0');
    }
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
    return number;
}

bool is_affordable(std::string_view phc) {
    constexpr std::string_view prefix = "$argon2id$v=19$";
    if (phc.size() > phc_length_max || !phc.starts_with(prefix)) return false;
    phc.remove_prefix(prefix.size());
    const auto memory = take_number(phc, "m=");
    const auto time = take_number(phc, ",t=");
    const auto parallel = take_number(phc, ",p=");
    return memory && time && parallel && phc.starts_with('$') && *memory <= memory_kib_max &&
           *time <= passes_max && *parallel <= 4;
}

// PHC texts carry base64 without padding, in the standard alphabet.
std::string phc_base64(std::string_view bytes) {
    std::string text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::string hash_with_salt(std::string_view password, std::string_view salt) {
    std::string hash(hash_bytes, '\0');
    ++hashes_computed;
    const int result = argon2id_hash_raw(passes, memory_kib, lanes, password.data(), password.size(),
                                         salt.data(), salt.size(), hash.data(), hash.size());
    if (result != ARGON2_OK) throw std::runtime_error(argon2_error_message(result));
    return parameters_text() + phc_base64(salt) + "$" + phc_base64(hash);
}

}  // namespace

std::string hash_password(std::string_view password, Random& random) {
    return hash_with_salt(password, random.bytes(salt_bytes));
}

bool verify_password(std::string_view password, const std::string& phc) {
    if (!is_affordable(phc)) return false;
    ++hashes_computed;
    return argon2id_verify(phc.c_str(), password.data(), password.size()) == ARGON2_OK;
}

void verify_password_of_nobody(std::string_view password) {
    // Any well-formed hash will do: what it was made of is not known to anyone.
    static const std::string hash_of_nobody = parameters_text() +
                                              phc_base64(std::string(salt_bytes, '\x5a')) + "$" +
                                              phc_base64(std::string(hash_bytes, '\x5a'));
    static_cast<void>(verify_password(password, hash_of_nobody));
}

bool needs_rehash(std::string_view phc) {
    return !phc.starts_with(parameters_text());
}

std::uint64_t password_hashes_computed() {
    return hashes_computed;
}

}  // namespace pamoja::crypto
