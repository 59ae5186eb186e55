#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <memory>

#include "connectors/web/testing/loopback_server.hpp"
#include "connectors/web/web_client.hpp"

namespace pamoja::web {
namespace {

// Plays an HTTPS server whose certificate is for the right host, holds today, and is signed by nobody but
// itself.
class SelfSigned {
  public:
    SelfSigned() {
        X509_set_version(certificate_.get(), 2);
        X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3600);
        X509_set_pubkey(certificate_.get(), key_.get());
        X509_EXTENSION* name = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
        X509_add_ext(certificate_.get(), name, -1);
        X509_EXTENSION_free(name);
        X509_sign(certificate_.get(), key_.get(), EVP_sha256());
        SSL_CTX_use_certificate(context_.get(), certificate_.get());
        SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    }

    void serve(const LoopbackServer::Peer& peer) {
        const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context_.get()), SSL_free);
        SSL_set_fd(session.get(), peer.socket());
        if (SSL_accept(session.get()) != 1) return;
        char bytes[1024];
        if (SSL_read(session.get(), bytes, sizeof bytes) > 0) ++requests_count_;
    }

    int requests_count() const { return requests_count_; }

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{EVP_RSA_gen(2048u), EVP_PKEY_free};
    std::unique_ptr<X509, decltype(&X509_free)> certificate_{X509_new(), X509_free};
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_server_method()),
                                                               SSL_CTX_free};
    std::atomic<int> requests_count_{0};
};

TEST(WebClient, SendsNothingToAServerWhoseCertificateNobodyVouchesFor) {
    SelfSigned certificate;
    {
        LoopbackServer server([&](LoopbackServer::Peer& peer) { certificate.serve(peer); });
        const WebRequest request{.method = Method::post,
                                 .url = "https://127.0.0.1:" + std::to_string(server.port()) + "/pay",
                                 .body = "secret",
                                 .reach = Reach::anywhere};
        const auto response = WebClient().call(request);
        EXPECT_EQ(response.outcome.transport, Transport::tls) << response.outcome.detail;
        EXPECT_TRUE(response.outcome.never_sent);
        EXPECT_EQ(server.connections(), 1);
    }
    EXPECT_EQ(certificate.requests_count(), 0);
}

}  // namespace
}  // namespace pamoja::web
