#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace pamoja::crypto {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view message) {
    std::string result(static_cast<std::size_t>(EVP_MD_get_size(hash)), '\0');
    unsigned int length = 0;
    // OpenSSL takes a null key for "the one before", so that an empty key needs an address as well.
    const void* key_bytes = key.empty() ? "" : key.data();
    if (HMAC(hash, key_bytes, static_cast<int>(key.size()), bytes_of(message), message.size(),
             reinterpret_cast<unsigned char*>(result.data()), &length) == nullptr) {
        throw std::runtime_error("HMAC failed");
    }
    return result;
}

}  // namespace

std::string sha256(std::string_view message) {
    std::string result(32, '\0');
    if (EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(result.data()), nullptr,
                   EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    return result;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    return hmac(EVP_sha256(), key, message);
}
std::string hmac_sha1(std::string_view key, std::string_view message) {
    return hmac(EVP_sha1(), key, message);
}

std::string hkdf_sha256(std::string_view key, std::string_view label, std::size_t bytes_count) {
    constexpr std::size_t hash_bytes = 32;
    if (bytes_count > 255 * hash_bytes) throw std::invalid_argument("HKDF gives at most 8160 bytes");
    const std::string extracted = hmac_sha256(std::string(hash_bytes, '\0'), key);
    std::string result;
    std::string block;
    for (unsigned char counter = 1; result.size() < bytes_count; ++counter) {
        block.append(label).push_back(static_cast<char>(counter));
        block = hmac_sha256(extracted, block);
        result += block;
    }
    result.resize(bytes_count);
    return result;
}

}  // namespace pamoja::crypto
