#include "crypto/signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <stdexcept>

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/internal/key_file.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::size_t ed25519_bytes = 32;
constexpr int rsa_bits_min = 2048;
constexpr std::size_t keys_max = 16;

struct OpenSslFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(BIGNUM* number) const { BN_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslFree>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void demand(bool holds, const char* what) {
    if (holds) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("signing key: ") + what);
}

// RSA signs a SHA-256 digest; Ed25519 takes the message itself.
const EVP_MD* hash_of(SigningAlgorithm algorithm) {
    return algorithm == SigningAlgorithm::rs256 ? EVP_sha256() : nullptr;
}

std::string rsa_number(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    demand(EVP_PKEY_get_bn_param(key, name, &number) == 1, "cannot read an RSA key");
    const Owned<BIGNUM> owned(number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, bytes_of(bytes));
    return to_base64url(bytes);
}

// The members of the public JWK that RFC 7638 hashes, in its order and form.
std::string thumbprint_members(const EVP_PKEY* key, SigningAlgorithm algorithm) {
    if (algorithm == SigningAlgorithm::rs256) {
        return R"("e":")" + rsa_number(key, OSSL_PKEY_PARAM_RSA_E) + R"(","kty":"RSA","n":")" +
               rsa_number(key, OSSL_PKEY_PARAM_RSA_N) + '"';
    }
    std::string point(ed25519_bytes, '\0');
    std::size_t length = point.size();
    demand(EVP_PKEY_get_raw_public_key(key, bytes_of(point), &length) == 1, "cannot read an Ed25519 key");
    return R"("crv":"Ed25519","kty":"OKP","x":")" + to_base64url(point) + '"';
}

SigningAlgorithm algorithm_of(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return SigningAlgorithm::ed25519;
    demand(EVP_PKEY_is_a(key, "RSA") == 1, "a key is neither Ed25519 nor RSA");
    demand(EVP_PKEY_get_bits(key) >= rsa_bits_min, "an RSA key is shorter than 2048 bits");
    return SigningAlgorithm::rs256;
}

// The next PEM block as a key; empty at the end. Throws for a block that is no unencrypted PKCS#8 key.
Owned<EVP_PKEY> read_key(BIO* bio) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long length = 0;
    if (PEM_read_bio(bio, &name, &header, &data, &length) != 1) {
        const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        demand(is_at_end, "the file holds a broken PEM block");
        ERR_clear_error();
        return nullptr;
    }
    const unsigned char* cursor = data;
    Owned<EVP_PKEY> pair;
    if (std::string_view(name) == PEM_STRING_PKCS8INF)
        pair.reset(d2i_AutoPrivateKey(nullptr, &cursor, length));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(length));
    demand(pair != nullptr, "the file holds something that is no private key in PKCS#8");
    return pair;
}

}  // namespace

struct SigningKeys::Key {
    explicit Key(Owned<EVP_PKEY> owned)
        : pair(std::move(owned)),
          algorithm(algorithm_of(pair.get())),
          members(thumbprint_members(pair.get(), algorithm)),
          id(to_base64url(sha256("{" + members + "}"))) {}

    Owned<EVP_PKEY> pair;
    SigningAlgorithm algorithm;
    std::string members;
    std::string id;
};

SigningKeys::SigningKeys() = default;
SigningKeys::SigningKeys(SigningKeys&&) noexcept = default;
SigningKeys& SigningKeys::operator=(SigningKeys&&) noexcept = default;
SigningKeys::~SigningKeys() = default;

std::string_view jws_name(SigningAlgorithm algorithm) {
    return algorithm == SigningAlgorithm::ed25519 ? "EdDSA" : "RS256";
}

SigningKeys SigningKeys::load_or_create(const std::filesystem::path& path, SigningAlgorithm algorithm,
                                        Random& random) {
    return parse(load_or_create_key_file(path, [&] { return generate(algorithm, random).pem(); }));
}

SigningKeys SigningKeys::parse(std::string_view pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    demand(bio != nullptr, "out of memory");
    SigningKeys keys;
    while (auto pair = read_key(bio.get())) {
        keys.keys_.emplace_back(std::move(pair));
        demand(keys.keys_.size() <= keys_max, "the file holds too many keys");
    }
    demand(!keys.keys_.empty(), "the file holds no private key");
    return keys;
}

SigningKeys SigningKeys::generate(SigningAlgorithm algorithm, Random& random) {
    Owned<EVP_PKEY> pair;
    if (algorithm == SigningAlgorithm::ed25519) {
        const std::string seed = random.bytes(ed25519_bytes);
        pair.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(std::string_view(seed)),
                                                seed.size()));
    } else {
        pair.reset(EVP_RSA_gen(static_cast<unsigned int>(rsa_bits_min)));
    }
    demand(pair != nullptr, "cannot make a key");
    SigningKeys keys;
    keys.keys_.emplace_back(std::move(pair));
    return keys;
}

std::string SigningKeys::pem() const {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    demand(bio != nullptr, "out of memory");
    for (const Key& key : keys_) {
        demand(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.pair.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1,
               "cannot write a key");
    }
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string SigningKeys::jwks() const {
    std::string json = R"({"keys":[)";
    for (const Key& key : keys_) {
        if (&key != &keys_.front()) json += ',';
        json += "{" + key.members + R"(,"kid":")" + key.id + R"(","alg":")";
        json.append(jws_name(key.algorithm)).append(R"(","use":"sig"})");
    }
    return json + "]}";
}

const std::string& SigningKeys::current_id() const {
    return keys_.front().id;
}
SigningAlgorithm SigningKeys::current_algorithm() const {
    return keys_.front().algorithm;
}

std::string SigningKeys::sign(std::string_view message) const {
    const Key& key = keys_.front();
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(key.pair.get()));
    std::string signature(length, '\0');
    demand(context != nullptr &&
               EVP_DigestSignInit(context.get(), nullptr, hash_of(key.algorithm), nullptr, key.pair.get()) ==
                   1 &&
               EVP_DigestSign(context.get(), bytes_of(signature), &length, bytes_of(message),
                              message.size()) == 1,
           "cannot sign");
    signature.resize(length);
    return signature;
}

bool SigningKeys::verify(std::string_view id, std::string_view algorithm, std::string_view message,
                         std::string_view signature) const {
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& each) { return each.id == id; });
    if (key == keys_.end() || jws_name(key->algorithm) != algorithm) return false;
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const bool is_genuine = context != nullptr &&
                            EVP_DigestVerifyInit(context.get(), nullptr, hash_of(key->algorithm), nullptr,
                                                 key->pair.get()) == 1 &&
                            EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                             bytes_of(message), message.size()) == 1;
    if (!is_genuine) ERR_clear_error();
    return is_genuine;
}

}  // namespace pamoja::crypto
