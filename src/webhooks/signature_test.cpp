#include "webhooks/signature.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"

namespace pamoja::webhooks {
namespace {

// The example that the libraries of Standard Webhooks test themselves with.
constexpr const char* known_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* known_id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t known_seconds = 1'614'265'330;
constexpr const char* known_body = R"({"test": 2432232314})";
constexpr const char* known_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

Received known() {
    return {known_id, std::to_string(known_seconds), known_signature, known_body};
}

TEST(Signature, IsThatOfThePublishedExample) {
    const auto content = signed_content(known_id, known_seconds, known_body);
    EXPECT_EQ(content, R"(msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314})");
    EXPECT_EQ(signature_header({known_secret}, content), known_signature);
    EXPECT_TRUE(is_genuine(known(), known_secret, Timestamp::from_seconds(known_seconds)));
}

TEST(Signature, HoldsOnePartForEachSecret) {
    SystemRandom random;
    const std::string fresh = make_secret(random);
    const auto content = signed_content(known_id, known_seconds, known_body);
    Received received = known();
    received.signature = signature_header({fresh, known_secret}, content);
    EXPECT_EQ(received.signature, signature_header({fresh}, content) + " " + known_signature);
    EXPECT_TRUE(is_genuine(received, fresh, Timestamp::from_seconds(known_seconds)));
    EXPECT_TRUE(is_genuine(received, known_secret, Timestamp::from_seconds(known_seconds)));
    EXPECT_FALSE(is_genuine(received, make_secret(random), Timestamp::from_seconds(known_seconds)));
}

TEST(Signature, HoldsWithinItsTolerance) {
    for (const auto& [offset, expected] :
         {std::pair{-300, true}, {-301, false}, {300, true}, {301, false}, {0, true}}) {
        EXPECT_EQ(is_genuine(known(), known_secret, Timestamp::from_seconds(known_seconds + offset)),
                  expected)
            << offset;
    }
}

TEST(Signature, RefusesWhatWasAltered) {
    const auto altered = [](auto change) {
        Received received = known();
        change(received);
        return is_genuine(received, known_secret, Timestamp::from_seconds(known_seconds));
    };
    EXPECT_FALSE(altered([](Received& r) { r.body += " "; }));
    EXPECT_FALSE(altered([](Received& r) { r.id = "msg_other"; }));
    EXPECT_FALSE(altered([](Received& r) { r.timestamp = "1614265331"; }));
    EXPECT_FALSE(altered([](Received& r) { r.timestamp = "soon"; }));
    EXPECT_FALSE(altered([](Received& r) { r.timestamp = ""; }));
    EXPECT_FALSE(altered([](Received& r) { r.signature = ""; }));
    EXPECT_FALSE(altered([](Received& r) { r.signature = "v2," + r.signature.substr(3); }));
    EXPECT_FALSE(altered([](Received& r) { r.signature = r.signature.substr(3); }));
    EXPECT_TRUE(altered([](Received& r) { r.signature = "v1a,AAAA " + r.signature + " v1,AAAA"; }));
}

TEST(Signature, ASecretIsWhatTheStandardAsksFor) {
    SystemRandom random;
    const std::string secret = make_secret(random);
    ASSERT_TRUE(secret.starts_with("whsec_"));
    EXPECT_EQ(crypto::from_base64(std::string_view(secret).substr(6))->size(), 32u);
    EXPECT_NE(secret, make_secret(random));
    for (const char* bad :
         {"", "whsec_", "whsec_AAAA", "whsec_not base64", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
        EXPECT_THROW(signature_header({bad}, "x"), std::invalid_argument) << bad;
        EXPECT_FALSE(is_genuine(known(), bad, Timestamp::from_seconds(known_seconds))) << bad;
    }
}

}  // namespace
}  // namespace pamoja::webhooks
