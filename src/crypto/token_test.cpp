#include "crypto/token.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"

namespace pamoja::crypto {
namespace {

const Timestamp now = Timestamp::from_seconds(1'764'943'693);

Claims claims() {
    return {.issuer = "https://pamoja.example",
            .audience = "flexifinance",
            .subject = "user-1",
            .session_id = "session-1",
            .tenant = "tenant-1",
            .type = "access",
            .id = "token-1",
            .issued_at = now,
            .expires_at = now.plus(std::chrono::minutes(15))};
}

TokenExpectations expectations() {
    return {.issuer = "https://pamoja.example", .audience = "flexifinance", .type = "access", .now = now};
}

std::string payload_with(std::string_view members) {
    return R"({"iss":"https://pamoja.example","aud":"flexifinance","sub":"user-1","sid":"session-1",)"
           R"("tenant":"tenant-1","type":"access","jti":"token-1",)" +
           std::string(members) + "}";
}

class Token : public ::testing::TestWithParam<SigningAlgorithm> {
  protected:
    bool holds(std::string_view text) const { return verify_token(keys_, text, expectations()).has_value(); }

    // A token that our key did sign, with a header of the attacker's choice.
    std::string with_header(const std::string& header) const {
        const std::string signed_text = to_base64url(header) + "." + payload_;
        return signed_text + "." + to_base64url(keys_.sign(signed_text));
    }

    SeededRandom random_{1};
    SigningKeys keys_ = SigningKeys::generate(GetParam(), random_);
    std::string algorithm_{jws_name(GetParam())};
    std::string kid_ = keys_.current_id();
    std::string good_ = sign_token(keys_, claims());
    std::string header_ = good_.substr(0, good_.find('.'));
    std::string payload_ = good_.substr(header_.size() + 1, good_.rfind('.') - header_.size() - 1);
    std::string signature_ = good_.substr(good_.rfind('.') + 1);
};

INSTANTIATE_TEST_SUITE_P(Algorithms, Token,
                         ::testing::Values(SigningAlgorithm::ed25519, SigningAlgorithm::rs256));

TEST_P(Token, SaysWhatWasSigned) {
    EXPECT_EQ(verify_token(keys_, good_, expectations()), claims());
    EXPECT_TRUE(holds(with_header(R"({"alg":")" + algorithm_ + R"(","kid":")" + kid_ + R"(","typ":"JWT"})")));
}

TEST_P(Token, IsRefusedUnderAnyOtherAlgorithm) {
    for (std::string algorithm : {"none", "None", "NONE", "nOnE", "", "HS256", "HS384", "ES256", "RS384",
                                  "PS256", GetParam() == SigningAlgorithm::rs256 ? "EdDSA" : "RS256"}) {
        const std::string header = R"({"alg":")" + algorithm + R"(","kid":")" + kid_ + R"(","typ":"JWT"})";
        EXPECT_FALSE(holds(with_header(header))) << algorithm;
        EXPECT_FALSE(holds(to_base64url(header) + "." + payload_ + ".")) << algorithm;
    }
    EXPECT_FALSE(holds(with_header(R"({"kid":")" + kid_ + R"(","typ":"JWT"})")));
    EXPECT_FALSE(holds(with_header(R"({"alg":null,"kid":")" + kid_ + R"(","typ":"JWT"})")));
    EXPECT_FALSE(
        holds(with_header(R"({"alg":[")" + algorithm_ + R"("],"kid":")" + kid_ + R"(","typ":"JWT"})")));
}

TEST_P(Token, IsRefusedWhenAPublicKeyServedAsSecret) {
    const std::string header = R"({"alg":"HS256","kid":")" + kid_ + R"(","typ":"JWT"})";
    const std::string signed_text = to_base64url(header) + "." + payload_;
    for (const std::string& secret : {keys_.jwks(), kid_, std::string()}) {
        EXPECT_FALSE(holds(signed_text + "." + to_base64url(hmac_sha256(secret, signed_text))));
    }
}

TEST_P(Token, IsRefusedUnderAKeyThatIsNotOurs) {
    for (std::string kid : {"../../dev/null", "' OR 1=1--", "|id", "", "0"}) {
        EXPECT_FALSE(
            holds(with_header(R"({"alg":")" + algorithm_ + R"(","kid":")" + kid + R"(","typ":"JWT"})")))
            << kid;
    }
    EXPECT_FALSE(holds(with_header(R"({"alg":")" + algorithm_ + R"(","typ":"JWT"})")));
    EXPECT_FALSE(holds(sign_token(SigningKeys::generate(GetParam(), random_), claims())));
}

TEST_P(Token, IsRefusedWhenItsHeaderSaysMore) {
    const std::string start = R"({"alg":")" + algorithm_ + R"(","kid":")" + kid_ + R"(","typ":"JWT")";
    for (std::string more :
         {R"("jku":"http://127.0.0.1:9/keys")", R"("x5u":"http://127.0.0.1:9/keys")",
          R"("jwk":{"kty":"OKP"})", R"("x5c":["AAAA"])", R"("crit":["exp"])", R"("crit":["b64"],"b64":false)",
          R"("alg":"none")", R"("typ":"JWT")", R"("zip":"DEF")", R"("kid":"other")"}) {
        EXPECT_FALSE(holds(with_header(start + "," + more + "}"))) << more;
    }
    EXPECT_FALSE(
        holds(with_header(R"({"alg":")" + algorithm_ + R"(","kid":")" + kid_ + R"(","typ":"at+jwt"})")));
    for (std::string header : {"", "null", "[]", "{}", "{", R"("alg")"})
        EXPECT_FALSE(holds(with_header(header)));
}

TEST_P(Token, IsRefusedInAnyOtherForm) {
    const std::string& h = header_;
    const std::string& p = payload_;
    const std::string& s = signature_;
    const std::string last_alike =
        s.substr(0, s.size() - 1) + (s.back() == 'A' ? 'B' : static_cast<char>(s.back() + 1));
    for (const std::string& text : {std::string(),
                                    std::string("."),
                                    std::string(".."),
                                    std::string("..."),
                                    h,
                                    h + "." + p,
                                    h + "." + p + ".",
                                    good_ + ".",
                                    "." + good_,
                                    good_ + "." + s,
                                    h + "." + p + "." + s + "." + s + "." + s,
                                    good_ + "=",
                                    good_ + "==",
                                    good_ + " ",
                                    " " + good_,
                                    good_ + "\n",
                                    h + "=." + p + "." + s,
                                    h + " ." + p + "." + s,
                                    h + "." + p + "=." + s,
                                    h + ".." + s,
                                    "." + p + "." + s,
                                    h + "." + p + "." + last_alike,
                                    p + "." + h + "." + s,
                                    h + "." + to_base64url("{}") + "." + s,
                                    "Bearer " + good_,
                                    std::string(1 << 20, 'A'),
                                    h + "." + std::string(1 << 20, 'A') + "." + s}) {
        EXPECT_FALSE(holds(text)) << text.substr(0, 300);
    }
}

TEST_P(Token, IsRefusedOverEightKibibytesThoughItIsSigned) {
    Claims large = claims();
    large.subject = std::string(8 * 1024, 'u');
    EXPECT_FALSE(holds(sign_token(keys_, large)));
}

TEST_P(Token, IsRefusedUnlessItsTimesAreIntegersThatHoldNow) {
    const std::int64_t t = now.seconds();
    struct TimesCase {
        std::string members;
        bool expected;
    };
    const TimesCase cases[] = {
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t + 1), true},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t + 1) + R"(,"nbf":)" +
             std::to_string(t),
         true},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t), false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t - 1), false},
        {R"("iat":)" + std::to_string(t + 1) + R"(,"exp":)" + std::to_string(t + 9), false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t + 9) + R"(,"nbf":)" +
             std::to_string(t + 1),
         false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t + 9) + R"(,"nbf":"0")", false},
        {R"("iat":)" + std::to_string(t), false},
        {R"("exp":)" + std::to_string(t + 9), false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":")" + std::to_string(t + 9) + '"', false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t + 9) + ".5", false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":99999999999999999999)", false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":9223372036854775807)", false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":null)", false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":true)", false},
        {R"("iat":-1,"exp":)" + std::to_string(t + 9), false},
        {R"("iat":)" + std::to_string(t) + R"(,"exp":)" + std::to_string(t - 9) + R"(,"exp":)" +
             std::to_string(t + 9),
         false},
        {R"("iat":)" + std::to_string(t) + R"(,"sub":"user-2","exp":)" + std::to_string(t + 9), false},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(holds(sign_jws(keys_, payload_with(each.members))), each.expected) << each.members;
    }
}

TEST_P(Token, IsRefusedWhenAClaimIsMissingEmptyOrNoText) {
    const std::string times = R"("iat":1764943693,"exp":1764944593})";
    const std::string names[] = {"iss", "aud", "sub", "sid", "tenant", "type", "jti"};
    const std::string values[] = {
        "https://pamoja.example", "flexifinance", "user-1", "session-1", "tenant-1", "access", "token-1"};
    for (std::size_t odd = 0; odd < std::size(names); ++odd) {
        for (std::string replacement : {"", R"(":"")", R"(":null)", R"(":1)", R"(":["flexifinance"])"}) {
            std::string payload = "{";
            for (std::size_t i = 0; i < std::size(names); ++i) {
                if (i != odd) payload += '"' + names[i] + R"(":")" + values[i] + R"(",)";
                if (i == odd && !replacement.empty()) payload += '"' + names[i] + replacement + ',';
            }
            EXPECT_FALSE(holds(sign_jws(keys_, payload + times))) << payload;
        }
    }
    for (std::string payload : {"", "null", "[]", "1", "{"}) EXPECT_FALSE(holds(sign_jws(keys_, payload)));
}

TEST_P(Token, IsWorthNothingToAnotherIssuerAudienceOrPurpose) {
    auto other = expectations();
    other.audience = "chamahub";
    EXPECT_FALSE(verify_token(keys_, good_, other));
    other = expectations();
    other.issuer = "https://pamoja.example/";
    EXPECT_FALSE(verify_token(keys_, good_, other));
    other = expectations();
    other.type = "refresh";
    EXPECT_FALSE(verify_token(keys_, good_, other));
}

TEST_P(Token, AllowsForClocksThatDifferByTheLeewayAndNoMore) {
    auto expected = expectations();
    expected.leeway = std::chrono::seconds(5);
    expected.now = claims().expires_at.plus(std::chrono::seconds(4));
    EXPECT_TRUE(verify_token(keys_, good_, expected));
    expected.now = claims().expires_at.plus(std::chrono::seconds(5));
    EXPECT_FALSE(verify_token(keys_, good_, expected));
    expected.now = now.minus(std::chrono::seconds(5));
    EXPECT_TRUE(verify_token(keys_, good_, expected));
    expected.now = now.minus(std::chrono::seconds(6));
    EXPECT_FALSE(verify_token(keys_, good_, expected));
}

}  // namespace
}  // namespace pamoja::crypto
