#include "crypto/rsa.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace pamoja::crypto {
namespace {

using KeyPair = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string self_signed_certificate(EVP_PKEY* key, const EVP_MD* hash) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_sign(certificate.get(), key, hash);
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(bio.get(), certificate.get());
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string decrypt(EVP_PKEY* key, const std::string& sealed) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key, nullptr),
                                                                              EVP_PKEY_CTX_free);
    EVP_PKEY_decrypt_init(context.get());
    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
    std::string plain(sealed.size(), '\0');
    std::size_t length = plain.size();
    if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                         reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size()) != 1) {
        return "cannot decrypt";
    }
    plain.resize(length);
    return plain;
}

TEST(EncryptForCertificate, GivesWhatTheKeysOwnerCanRead) {
    const KeyPair key(EVP_RSA_gen(2048u), EVP_PKEY_free);
    const std::string certificate = self_signed_certificate(key.get(), EVP_sha256());
    const std::string sealed = encrypt_for_certificate("Safaricom999!*!", certificate);
    EXPECT_EQ(sealed.size(), 256u);
    EXPECT_EQ(decrypt(key.get(), sealed), "Safaricom999!*!");
    EXPECT_NE(sealed, encrypt_for_certificate("Safaricom999!*!", certificate));
}

TEST(EncryptForCertificate, RefusesWhatCannotWork) {
    const KeyPair rsa(EVP_RSA_gen(2048u), EVP_PKEY_free);
    const KeyPair ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
    EXPECT_THROW(encrypt_for_certificate("x", ""), std::runtime_error);
    EXPECT_THROW(
        encrypt_for_certificate("x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        std::runtime_error);
    EXPECT_THROW(encrypt_for_certificate("x", self_signed_certificate(ed25519.get(), nullptr)),
                 std::runtime_error);
    EXPECT_THROW(
        encrypt_for_certificate(std::string(246, 'x'), self_signed_certificate(rsa.get(), EVP_sha256())),
        std::runtime_error);
}

}  // namespace
}  // namespace pamoja::crypto
