#include "crypto/signing_key.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "crypto/base64.hpp"
#include "json/value.hpp"

namespace pamoja::crypto {
namespace {

// The private key of RFC 8037 A.1, wrapped as PKCS#8.
std::string rfc8037_pem() {
    const std::string pkcs8_head("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
    const std::string seed = *from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    return "-----BEGIN PRIVATE KEY-----\n" + to_base64(pkcs8_head + seed) + "\n-----END PRIVATE KEY-----\n";
}

TEST(SigningKeys, GiveTheThumbprintAndTheSignatureOfRfc8037) {
    const auto keys = SigningKeys::parse(rfc8037_pem());
    EXPECT_EQ(keys.current_algorithm(), SigningAlgorithm::ed25519);
    EXPECT_EQ(keys.current_id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    const std::string message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    const std::string signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    EXPECT_EQ(to_base64url(keys.sign(message)), signature);
    EXPECT_TRUE(keys.verify(keys.current_id(), "EdDSA", message, *from_base64url(signature)));
}

TEST(SigningKeys, PublishNothingButTheirPublicParts) {
    SeededRandom random(1);
    const auto keys =
        SigningKeys::parse(rfc8037_pem() + SigningKeys::generate(SigningAlgorithm::rs256, random).pem());
    const auto set = json::parse(keys.jwks());
    const auto& published = *set.find("keys")->array();
    ASSERT_EQ(published.size(), 2u);
    EXPECT_EQ(published[0].find("x")->text_or_empty(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    EXPECT_EQ(published[0].find("kid")->text_or_empty(), keys.current_id());
    EXPECT_EQ(published[1].find("kty")->text_or_empty(), "RSA");
    EXPECT_EQ(published[1].find("e")->text_or_empty(), "AQAB");
    for (const auto& key : published) {
        for (const char* secret : {"d", "p", "q", "dp", "dq", "qi"}) EXPECT_EQ(key.find(secret), nullptr);
    }
}

TEST(SigningKeys, VerifyOnlyUnderTheKeyAndTheAlgorithmThatSigned) {
    SeededRandom random(1);
    for (const auto algorithm : {SigningAlgorithm::ed25519, SigningAlgorithm::rs256}) {
        const auto keys = SigningKeys::generate(algorithm, random);
        const auto others = SigningKeys::generate(algorithm, random);
        const std::string signature = keys.sign("message");
        const auto name = jws_name(algorithm);
        EXPECT_TRUE(keys.verify(keys.current_id(), name, "message", signature));
        EXPECT_FALSE(keys.verify(keys.current_id(), name, "Message", signature));
        EXPECT_FALSE(keys.verify(keys.current_id(), name, "message", ""));
        EXPECT_FALSE(keys.verify(keys.current_id(), name, "message", std::string(signature.size(), '\0')));
        EXPECT_FALSE(keys.verify(keys.current_id(), name, "message", signature + "x"));
        EXPECT_FALSE(keys.verify(others.current_id(), name, "message", signature));
        EXPECT_FALSE(others.verify(others.current_id(), name, "message", signature));
        for (const char* other : {"none", "HS256", "RS512", "ES256", "", "eddsa", "rs256"}) {
            EXPECT_FALSE(keys.verify(keys.current_id(), other, "message", signature)) << other;
        }
    }
}

TEST(SigningKeys, SurviveTheirFileAndRotation) {
    SeededRandom random(1);
    const auto old_keys = SigningKeys::generate(SigningAlgorithm::rs256, random);
    const std::string signature = old_keys.sign("message");
    const auto rotated =
        SigningKeys::parse(SigningKeys::generate(SigningAlgorithm::ed25519, random).pem() + old_keys.pem());
    EXPECT_NE(rotated.current_id(), old_keys.current_id());
    EXPECT_TRUE(rotated.verify(old_keys.current_id(), "RS256", "message", signature));
}

TEST(SigningKeys, RefuseATextThatHoldsAnythingElse) {
    const std::string good = rfc8037_pem();
    const std::string half_a_key = good.substr(0, good.size() / 2);
    for (const std::string& text :
         {std::string(), std::string("hello"), half_a_key,
          good + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        EXPECT_THROW(SigningKeys::parse(text), std::runtime_error) << text;
    }
    const std::string x25519_head("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x6e\x04\x22\x04\x20", 16);
    EXPECT_THROW(
        SigningKeys::parse("-----BEGIN PRIVATE KEY-----\n" + to_base64(x25519_head + std::string(32, 'k')) +
                           "\n-----END PRIVATE KEY-----\n"),
        std::runtime_error);
}

}  // namespace
}  // namespace pamoja::crypto
