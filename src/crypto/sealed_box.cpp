#include "crypto/sealed_box.hpp"

#include <openssl/evp.h>

#include <limits>
#include <memory>
#include <stdexcept>

#include "crypto/base64.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::string_view version = "v1";
constexpr int nonce_bytes = 12;
constexpr int tag_bytes = 16;

struct CipherFree {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void demand(int result) {
    if (result != 1) throw std::runtime_error("AES-GCM failed");
}

// The version and the key's id are bound to the value as the context is.
std::string bound_data(std::string_view key_id, std::string_view context) {
    return std::string(version).append(".").append(key_id).append(".").append(context);
}

int length_of(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) {
        throw std::length_error("too long to seal");
    }
    return static_cast<int>(text.size());
}

Cipher begin(bool is_sealing, const std::string& key, std::string_view nonce, const std::string& bound) {
    Cipher cipher(EVP_CIPHER_CTX_new());
    if (!cipher) throw std::bad_alloc();
    demand(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(std::string_view(key)),
                             bytes_of(nonce), is_sealing ? 1 : 0));
    int length = 0;
    demand(EVP_CipherUpdate(cipher.get(), nullptr, &length, bytes_of(std::string_view(bound)),
                            length_of(bound)));
    return cipher;
}

struct SealedParts {
    std::string key_id;
    std::string box;  // nonce, ciphertext, tag
};

std::optional<SealedParts> split(std::string_view sealed) {
    const auto first = sealed.find('.');
    const auto second = first == std::string_view::npos ? first : sealed.find('.', first + 1);
    if (second == std::string_view::npos || sealed.substr(0, first) != version) return std::nullopt;
    auto box = from_base64url(sealed.substr(second + 1));
    if (!box || box->size() < nonce_bytes + tag_bytes) return std::nullopt;
    return SealedParts{std::string(sealed.substr(first + 1, second - first - 1)), std::move(*box)};
}

}  // namespace

std::string seal(const Keyring& keyring, std::string_view plain, std::string_view context, Random& random) {
    const std::string& key_id = keyring.current_id();
    const std::string nonce = random.bytes(nonce_bytes);
    const Cipher cipher = begin(true, *keyring.find(key_id), nonce, bound_data(key_id, context));
    std::string ciphertext(plain.size(), '\0');
    int length = 0;
    demand(EVP_CipherUpdate(cipher.get(), bytes_of(ciphertext), &length, bytes_of(plain), length_of(plain)));
    unsigned char end[tag_bytes];
    demand(EVP_CipherFinal_ex(cipher.get(), end, &length));
    std::string tag(tag_bytes, '\0');
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()));
    return std::string(version) + "." + key_id + "." + to_base64url(nonce + ciphertext + tag);
}

std::optional<std::string> open(const Keyring& keyring, std::string_view sealed, std::string_view context) {
    auto parts = split(sealed);
    if (!parts) return std::nullopt;
    const std::string* key = keyring.find(parts->key_id);
    if (key == nullptr) return std::nullopt;

    const std::string_view box = parts->box;
    const std::string_view ciphertext = box.substr(nonce_bytes, box.size() - nonce_bytes - tag_bytes);
    std::string tag(box.substr(box.size() - tag_bytes));
    const Cipher cipher = begin(false, *key, box.substr(0, nonce_bytes), bound_data(parts->key_id, context));
    std::string plain(ciphertext.size(), '\0');
    int length = 0;
    demand(EVP_CipherUpdate(cipher.get(), bytes_of(plain), &length, bytes_of(ciphertext),
                            length_of(ciphertext)));
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()));
    unsigned char end[tag_bytes];
    if (EVP_CipherFinal_ex(cipher.get(), end, &length) != 1) return std::nullopt;
    return plain;
}

bool needs_reseal(const Keyring& keyring, std::string_view sealed) {
    return !sealed.starts_with(std::string(version) + "." + keyring.current_id() + ".");
}

}  // namespace pamoja::crypto
