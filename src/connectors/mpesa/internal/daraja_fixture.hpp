#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "connectors/mpesa/daraja.hpp"
#include "connectors/web/testing/loopback_server.hpp"
#include "json/value.hpp"

namespace pamoja::mpesa {
using KeyPair = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline std::string certificate_of(EVP_PKEY* key) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_sign(certificate.get(), key, EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(bio.get(), certificate.get());
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

inline std::string decrypted(EVP_PKEY* key, const std::string& sealed) {
    using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
    const Context context(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY_decrypt_init(context.get());
    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
    std::string plain(sealed.size(), '\0');
    std::size_t length = plain.size();
    EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                     reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size());
    plain.resize(length);
    return plain;
}

inline EVP_PKEY* safaricom_key() {
    static const KeyPair key(EVP_RSA_gen(2048u), EVP_PKEY_free);
    return key.get();
}

inline const std::string stk_accepted =
    R"({"MerchantRequestID":"29115-34620561-1","CheckoutRequestID":"ws_CO_191220191020363925",)"
    R"("ResponseCode":"0",)"
    R"("ResponseDescription":"Success. Request accepted for processing",)"
    R"("CustomerMessage":"Check your phone"})";
inline const std::string command_accepted =
    R"({"ConversationID":"AG_20191219_1","OriginatorConversationID":"pamoja-1","ResponseCode":"0",)"
    R"("ResponseDescription":"Accept the service request successfully."})";

inline std::string error(std::string_view code, std::string_view message) {
    return R"({"requestId":"1","errorCode":")" + std::string(code) + R"(","errorMessage":")" +
           std::string(message) + "\"}";
}

// Plays Safaricom: gives tokens token-1, token-2, … and then the answer that the test wants.
class DarajaTest : public ::testing::Test {
  protected:
    std::string answer(const std::string& request) {
        if (request.starts_with("GET /oauth/")) {
            last_sign_in_ = request;
            const int number = ++tokens_count_;
            return token_answer_.empty()
                       ? web::http_answer(200, R"({"access_token":"token-)" + std::to_string(number) +
                                                   R"(","expires_in":"3599"})")
                       : token_answer_;
        }
        ++requests_count_;
        last_request_ = request;
        return answer_(request);
    }

    json::Value sent() const { return json::parse(last_request_.substr(last_request_.find("\r\n\r\n") + 4)); }
    std::string sent(std::string_view name) const {
        const json::Value body = sent();
        const json::Value* value = body.find(name);
        return value == nullptr ? "absent" : value->text_or_empty();
    }
    bool is_number(std::string_view name) const {
        const json::Value body = sent();
        return body.find(name) != nullptr && body.find(name)->number() != nullptr;
    }
    void will_answer(int status, std::string body) {
        answer_ = [=](const std::string&) { return web::http_answer(status, body); };
    }

    DarajaConfig config() const {
        return {.base_url = server_.url(),
                .consumer_key = "key",
                .consumer_secret = "secret",
                .short_code = "174379",
                .passkey = "passkey",
                .initiator_name = "testapi",
                .initiator_password = "Safaricom999!*!",
                .certificate_pem = certificate_of(safaricom_key())};
    }

    const Push push_{.amount = {3358'00, Currency("KES")},
                     .phone = "0700123456",
                     .account_reference = "LF202500001",
                     .description = "Loan repayment",
                     .callback_url = "https://example.com/in/1"};
    const Payout payout_{.originator_conversation_id = "pamoja-1",
                         .amount = {10'000'00, Currency("KES")},
                         .phone = "+254700123456",
                         .remarks = "Loan",
                         .result_url = "https://example.com/result",
                         .timeout_url = "https://example.com/timeout"};

    std::string token_answer_;
    std::function<std::string(const std::string&)> answer_;
    std::string last_request_;
    std::string last_sign_in_;
    std::atomic<int> tokens_count_{0};
    std::atomic<int> requests_count_{0};
    web::LoopbackServer server_{
        web::LoopbackServer::http([this](const std::string& request) { return answer(request); })};
    ManualClock clock_{*Timestamp::parse("2025-12-15T09:30:00Z")};
    web::WebClient web_;
    Daraja daraja_{config(), web_, clock_};
};

}  // namespace pamoja::mpesa
