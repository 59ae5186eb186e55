#include "crypto/rsa.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace pamoja::crypto {
namespace {

struct OpenSslFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslFree>;

void demand(bool holds, const char* what) {
    if (holds) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("certificate: ") + what);
}

int no_passphrase(char*, int, int, void*) {
    return -1;
}

}  // namespace

std::string encrypt_for_certificate(std::string_view plain, std::string_view certificate_pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
    demand(bio != nullptr, "out of memory");
    const Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
    demand(certificate != nullptr, "it cannot be read");
    EVP_PKEY* key = X509_get0_pubkey(certificate.get());
    demand(key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1, "it holds no RSA key");

    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    std::string sealed(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t length = sealed.size();
    demand(context != nullptr && EVP_PKEY_encrypt_init(context.get()) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
               EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(sealed.data()), &length,
                                reinterpret_cast<const unsigned char*>(plain.data()), plain.size()) == 1,
           "the text cannot be encrypted under it");
    sealed.resize(length);
    return sealed;
}

}  // namespace pamoja::crypto
