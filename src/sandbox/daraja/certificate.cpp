#include "sandbox/daraja/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "crypto/base64.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr unsigned key_bits = 2048;
constexpr long days_valid = 3650;
constexpr long seconds_of_day = 86'400;

struct OpenSslFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslFree>;

void demand(bool holds) {
    if (holds) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL makes no certificate");
}

std::string self_signed(EVP_PKEY* key) {
    const Owned<X509> certificate(X509_new());
    demand(certificate != nullptr);
    X509* x509 = certificate.get();
    X509_NAME* name = X509_get_subject_name(x509);
    const auto* common_name = reinterpret_cast<const unsigned char*>("sandbox.safaricom.invalid");
    demand(X509_set_version(x509, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(x509), -seconds_of_day) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(x509), days_valid * seconds_of_day) != nullptr &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key) == 1 &&
           X509_sign(x509, key, EVP_sha256()) > 0);
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    demand(bio != nullptr && PEM_write_bio_X509(bio.get(), x509) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace

class Certificate::Key {
  public:
    Key() : pair(generated()) { demand(pair != nullptr); }
    Owned<EVP_PKEY> pair;

  private:
    // Nobody who encrypts can tell of how many primes a key is, and three short ones are found several times
    // faster than two: `pamoja dev` waits for this at every start.
    static EVP_PKEY* generated() {
        const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
        EVP_PKEY* key = nullptr;
        demand(context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1 &&
               EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), key_bits) == 1 &&
               EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), 3) == 1 &&
               EVP_PKEY_generate(context.get(), &key) == 1);
        return key;
    }
};

Certificate::Certificate() : key_(std::make_unique<Key>()), pem_(self_signed(key_->pair.get())) {}
Certificate::~Certificate() = default;

std::optional<std::string> Certificate::password_in(const std::string& credential) const {
    const auto sealed = crypto::from_base64(credential);
    if (!sealed) return std::nullopt;
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key_->pair.get(), nullptr));
    std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pair.get())), '\0');
    std::size_t length = plain.size();
    const bool is_open =
        context != nullptr && EVP_PKEY_decrypt_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                         reinterpret_cast<const unsigned char*>(sealed->data()), sealed->size()) == 1;
    ERR_clear_error();
    if (!is_open) return std::nullopt;
    plain.resize(length);
    return plain;
}

bool is_plausible_credential(const std::string& credential) {
    const auto sealed = crypto::from_base64(credential);
    if (!sealed) return false;
    const std::size_t bits = sealed->size() * 8;
    return bits == 1024 || bits == 2048 || bits == 3072 || bits == 4096;
}

}  // namespace pamoja::sandbox::daraja
