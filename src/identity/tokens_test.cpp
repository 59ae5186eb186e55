#include "crypto/base64.hpp"
#include "identity/internal/identity_fixture.hpp"
#include "identity/internal/refresh_format.hpp"
#include "identity/internal/verified_tokens.hpp"

namespace pamoja::identity {
namespace {

constexpr auto now = Timestamp::from_seconds(1'764'946'093);
const TenantId tenant("acme");

class Tokens : public ::testing::Test {
  protected:
    Tokens() : issuer_(testing::new_issuer(random_)) {
        session_.id = SessionId("0193a000-0000-7000-8000-0123456789ab");
        session_.user_id = UserId("ann");
    }

    SeededRandom random_{7};
    TokenIssuer issuer_;
    Session session_;
};

TEST_F(Tokens, SayWhoTheBearerIsInTheirFaceAlone) {
    const auto token = issuer_.issue_access_token("acme", tenant, session_, now, random_);
    EXPECT_EQ(token.expires_in, 86'400);
    // Twice: the second time the signature is known already.
    for (int i = 0; i < 2; ++i) {
        const auto claims = issuer_.read_access_token("acme", token.text, now);
        ASSERT_TRUE(claims.has_value());
        EXPECT_EQ(claims->subject, "ann");
        EXPECT_EQ(claims->session_id, session_.id.text());
        EXPECT_EQ(claims->tenant, "acme");
        EXPECT_FALSE(issuer_.read_access_token("other", token.text, now));
    }
    EXPECT_THROW(issuer_.read_access_token("unknown", token.text, now), std::out_of_range);
}

TEST_F(Tokens, ExpireByTheirFaceEvenWhenTheyAreRemembered) {
    const auto day = issuer_.issue_access_token("acme", tenant, session_, now, random_);
    const auto quarter = issuer_.issue_access_token("other", tenant, session_, now, random_);
    EXPECT_EQ(quarter.expires_in, 900);
    EXPECT_TRUE(issuer_.read_access_token("acme", day.text, now));
    EXPECT_TRUE(issuer_.read_access_token("other", quarter.text, now.plus(std::chrono::seconds(899))));
    EXPECT_FALSE(issuer_.read_access_token("other", quarter.text, now.plus(std::chrono::seconds(900))));
    EXPECT_TRUE(issuer_.read_access_token("acme", day.text, now.plus(std::chrono::seconds(86'399))));
    EXPECT_FALSE(issuer_.read_access_token("acme", day.text, now.plus(std::chrono::seconds(86'400))));
    EXPECT_FALSE(issuer_.read_access_token("acme", day.text, now.minus(std::chrono::seconds(1))));
}

TEST_F(Tokens, AreRefusedWhenAnythingIsAlteredHoweverOftenTheRightOneWasSeen) {
    const auto token = issuer_.issue_access_token("acme", tenant, session_, now, random_).text;
    EXPECT_TRUE(issuer_.read_access_token("acme", token, now));
    for (std::size_t at = 0; at < token.size(); at += 7) {
        std::string altered = token;
        altered[at] = altered[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(issuer_.read_access_token("acme", altered, now)) << at;
    }
    for (const std::string& text :
         {std::string(), token + ".", token + "A", " " + token, token.substr(1), std::string(1'000'000, 'A'),
          issuer_.refresh_token("acme", tenant, session_)}) {
        EXPECT_FALSE(issuer_.read_access_token("acme", text, now));
    }
}

TEST_F(Tokens, OfAnotherServerAreWorthNothing) {
    const auto stranger = testing::new_issuer(random_);
    EXPECT_FALSE(issuer_.read_access_token(
        "acme", stranger.issue_access_token("acme", tenant, session_, now, random_).text, now));
    EXPECT_FALSE(issuer_.read_refresh_token("acme", stranger.refresh_token("acme", tenant, session_)));
}

TEST_F(Tokens, ForRefreshingNameTheirTenantSessionAndCounter) {
    for (const std::int64_t counter :
         {0L, 1L, 127L, 128L, 16'384L, std::numeric_limits<std::int64_t>::max()}) {
        session_.refresh_counter = counter;
        const auto text = issuer_.refresh_token("acme", tenant, session_);
        const auto read = issuer_.read_refresh_token("acme", text);
        ASSERT_TRUE(read.has_value()) << counter;
        EXPECT_EQ(read->tenant, tenant);
        EXPECT_EQ(read->session_id, session_.id);
        EXPECT_EQ(read->counter, counter);
        EXPECT_FALSE(issuer_.read_refresh_token("other", text));
    }
}

TEST_F(Tokens, ForRefreshingCannotBeForged) {
    const auto text = issuer_.refresh_token("acme", tenant, session_);
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string altered = text;
        altered[at] = altered[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(issuer_.read_refresh_token("acme", altered)) << at;
    }
    // With a checksum that fits, but another counter, session, tenant or MAC.
    auto parts = *parse_refresh(text);
    const auto is_read = [&] { return issuer_.read_refresh_token("acme", write_refresh(parts)).has_value(); };
    EXPECT_TRUE(is_read());
    ++parts.counter;
    EXPECT_FALSE(is_read());
    parts = *parse_refresh(text);
    parts.session.back() = 'c';
    EXPECT_FALSE(is_read());
    parts = *parse_refresh(text);
    parts.tenant = "acmf";
    EXPECT_FALSE(is_read());
    parts = *parse_refresh(text);
    parts.mac.back() = static_cast<char>(parts.mac.back() ^ 1);
    EXPECT_FALSE(is_read());
}

TEST_F(Tokens, ForRefreshingAreReadStrictly) {
    const auto text = issuer_.refresh_token("acme", tenant, session_);
    const std::string bytes = *crypto::from_base64url(text);
    EXPECT_FALSE(parse_refresh(""));
    EXPECT_FALSE(parse_refresh(text + "="));
    EXPECT_FALSE(parse_refresh(std::string(100'000, 'A')));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(parse_refresh(crypto::to_base64url(bytes.substr(0, length)))) << length;
    }
}

TEST_F(Tokens, SurviveARestartWithTheSameKeys) {
    const auto keys = crypto::SigningKeys::generate(crypto::SigningAlgorithm::ed25519, random_);
    const auto keyring = crypto::Keyring::generate(random_);
    const auto start = [&] {
        return TokenIssuer(crypto::SigningKeys::parse(keys.pem()), crypto::Keyring::parse(keyring.text()),
                           {{"acme", {.issuer = "https://acme.example"}}});
    };
    const auto before = start();
    const auto access = before.issue_access_token("acme", tenant, session_, now, random_).text;
    const auto refresh = before.refresh_token("acme", tenant, session_);
    const auto after = start();
    EXPECT_TRUE(after.read_access_token("acme", access, now));
    EXPECT_TRUE(after.read_refresh_token("acme", refresh));
}

TEST(VerifiedTokens, StayWithinTheirBoundAndKeepWhatIsUsed) {
    VerifiedTokens tokens(100);
    crypto::Claims claims;
    tokens.remember("used", claims);
    for (int i = 0; i < 1000; ++i) {
        tokens.remember(std::to_string(i), claims);
        EXPECT_TRUE(tokens.find("used")) << i;
        EXPECT_LE(tokens.size(), 100u);
    }
    EXPECT_FALSE(tokens.find("0"));
    EXPECT_TRUE(tokens.find("999"));
}

}  // namespace
}  // namespace pamoja::identity
